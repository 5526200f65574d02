using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AIOrleans.Providers.Simulated;

/// <summary>Writes a plan in the shape that OpenAI sends.</summary>
/// <param name="createdAt">Unix seconds.</param>
internal sealed class SimulatedWriter(SimulatedPlan plan, long createdAt)
{
    private const string Fingerprint = "fp_simulated";

    /// <summary>The body of a complete answer.</summary>
    public byte[] WriteAnswer()
    {
        ArrayBufferWriter<byte> output = new(1024);
        using Utf8JsonWriter json = new(output);
        WriteHead(json, "chat.completion");
        for (int choice = 0; choice < plan.Choices; choice++)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, choice);
            json.WriteStartObject("message"u8);
            json.WriteString("role"u8, "assistant"u8);
            json.WriteString("content"u8, TextOf(choice));
            json.WriteNull("refusal"u8);
            json.WriteEndObject();
            json.WriteNull("logprobs"u8);
            json.WriteString("finish_reason"u8, plan.FinishReason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteUsage(json);
        WriteTail(json);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The first chunk of a choice: its role and no text.</summary>
    public void WriteRole(IBufferWriter<byte> output, int choice, bool withUsage) => WriteChunk(output, choice, "", isFirst: true, null, withUsage);

    /// <summary>One word of a choice.</summary>
    public void WriteWord(IBufferWriter<byte> output, int choice, int index, bool withUsage) =>
        WriteChunk(output, choice, SimulatedWords.At(plan.Seed, choice, index), isFirst: false, null, withUsage);

    /// <summary>The last chunk of a choice: its finish reason.</summary>
    public void WriteFinish(IBufferWriter<byte> output, int choice, bool withUsage) =>
        WriteChunk(output, choice, null, isFirst: false, plan.FinishReason, withUsage);

    /// <summary>The chunk without choices that brings the usage.</summary>
    public void WriteUsageChunk(IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        using (Utf8JsonWriter json = new(output))
        {
            WriteHead(json, "chat.completion.chunk");
            json.WriteEndArray();
            WriteUsage(json);
            WriteTail(json);
        }

        output.Write("\n\n"u8);
    }

    private void WriteChunk(IBufferWriter<byte> output, int choice, string? text, bool isFirst, string? finishReason, bool withUsage)
    {
        output.Write("data: "u8);
        using (Utf8JsonWriter json = new(output))
        {
            WriteHead(json, "chat.completion.chunk");
            json.WriteStartObject();
            json.WriteNumber("index"u8, choice);
            json.WriteStartObject("delta"u8);
            if (isFirst)
            {
                json.WriteString("role"u8, "assistant"u8);
            }

            if (text is not null)
            {
                json.WriteString("content"u8, text);
            }

            json.WriteEndObject();
            json.WriteNull("logprobs"u8);
            json.WriteString("finish_reason"u8, finishReason);
            json.WriteEndObject();
            json.WriteEndArray();
            if (withUsage)
            {
                json.WriteNull("usage"u8);
            }

            WriteTail(json);
        }

        output.Write("\n\n"u8);
    }

    private void WriteHead(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, plan.Id);
        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, createdAt);
        json.WriteString("model"u8, plan.Model);
        json.WriteStartArray("choices"u8);
    }

    private void WriteUsage(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, plan.PromptTokens);
        json.WriteNumber("completion_tokens"u8, plan.CompletionTokens);
        json.WriteNumber("total_tokens"u8, plan.PromptTokens + plan.CompletionTokens);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTail(Utf8JsonWriter json)
    {
        json.WriteString("system_fingerprint"u8, Fingerprint);
        json.WriteEndObject();
        json.Flush();
    }

    private string TextOf(int choice)
    {
        StringBuilder text = new();
        for (int index = 0; index < plan.OutputTokens; index++)
        {
            text.Append(SimulatedWords.At(plan.Seed, choice, index));
        }

        return text.ToString();
    }
}
