using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Testing.ModelServers;

/// <summary><c>POST /responses</c>.</summary>
internal sealed class ResponsesEndpoint(ServedCall call)
{
    private static readonly WireRefusalException Broken = new(500, "server_error", "The server had an error while processing your request. Sorry about that!");

    public async Task ServeAsync(string? deployment)
    {
        using JsonDocument document = call.Parse(OpenAiWords.Instance);
        StrictObject body = new(document.RootElement, "", OpenAiWords.Instance);
        string model = OpenAiModels.Begin(call, deployment ?? body.Text("model"), OpenAiModels.Chat, OpenAiModels.Reasoning);
        ModelTask task = ResponsesReader.Read(body, model, call.Memory);
        BilledCall bill = call.Bill!; // ! Begun above.
        if (OpenAiWire.RefusalOf(bill.Fault) is { } refusal)
        {
            throw refusal;
        }

        AnswerPlayer player = new(call);
        if (await player.FailFirstAsync())
        {
            return;
        }

        ModelAnswer answer = Thinker.Answer(task, call.Memory.Cache.ReadUnasked(model, task.Prompt));
        bill.Usage = answer.Usage;
        OpenAiWire.TellLimits(call);
        ResponsesWriter writer = new(call, body, model, task, answer);
        if (body.Flag("store") != false)
        {
            Remember(task, answer, writer);
        }

        if (body.Flag("stream") == true)
        {
            await player.StreamAsync(writer.Frames(), writer.Failure(), frame => frame.StartsWith("event: response.completed", StringComparison.Ordinal)
                || frame.StartsWith("event: response.incomplete", StringComparison.Ordinal));
        }
        else if (bill.Fault.Kind == FaultKind.Overloads)
        {
            throw Broken;
        }
        else
        {
            await player.SendAsync(ServedCall.Json(writer.ToBody(isWhole: true)));
        }
    }

    private void Remember(ModelTask task, ModelAnswer answer, ResponsesWriter writer)
    {
        // Copied: the request's JSON ends with this call.
        ModelTask kept = new(task.Model);
        kept.Turns.AddRange(task.Turns);
        kept.Prompt.AddRange(task.Prompt);
        List<ModelPart> parts = [.. answer.Calls.Select((made, at) => new ModelPart.Call(writer.CallId(at), made.Name, JsonSerializer.SerializeToElement(made.Arguments)))];
        if (answer.Text.Length > 0)
        {
            parts.Add(new ModelPart.Text(answer.Text));
            kept.Read(answer.Text);
        }

        kept.Turns.Add(new ModelTurn(true, parts));
        call.Memory.Conversations[writer.Id] = kept;
    }
}
