using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using AIOrleans.Core.Idempotency;

namespace AIOrleans.Storage.Answers;

/// <summary>A kept answer as bytes: the length of its head, the head as JSON, the body as it is.</summary>
internal static class AnswerText
{
    public static byte[] Write(KeptAnswer answer)
    {
        var head = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(head))
        {
            json.WriteStartObject();
            json.WriteNumber("status", answer.Status);
            json.WriteString("type", answer.ContentType);
            json.WriteStartArray("headers");
            foreach ((string name, string value) in answer.Headers)
            {
                json.WriteStringValue(name);
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        byte[] bytes = new byte[sizeof(int) + head.WrittenCount + answer.Body.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, head.WrittenCount);
        head.WrittenSpan.CopyTo(bytes.AsSpan(sizeof(int)));
        answer.Body.Span.CopyTo(bytes.AsSpan(sizeof(int) + head.WrittenCount));
        return bytes;
    }

    public static KeptAnswer Read(byte[] bytes)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        using JsonDocument head = JsonDocument.Parse(bytes.AsMemory(sizeof(int), length));
        string[] headers = [.. head.RootElement.GetProperty("headers").EnumerateArray().Select(text => text.GetString() ?? "")];
        return new KeptAnswer(
            head.RootElement.GetProperty("status").GetInt32(),
            head.RootElement.GetProperty("type").GetString() ?? "",
            [.. headers.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1]))],
            bytes.AsMemory(sizeof(int) + length));
    }
}
