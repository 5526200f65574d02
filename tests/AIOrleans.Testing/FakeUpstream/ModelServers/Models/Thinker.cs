using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary>The model behind every wire: answers by rules, so that a test can tell from the answer what the model read.</summary>
/// <remarks>
/// Results of tools are told with the names of their tools. Tools whose names stand in the last message are called, once for each mention, with the JSON object
/// behind the name. A schema is filled in. <c>Count to 20.</c> counts. Everything else is repeated: words, attachments, instructions, earlier turns, settings.
/// </remarks>
internal static class Thinker
{
    private const string CountOrder = "Count to ";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="input">What reading the prompt costs.</param>
    public static ModelAnswer Answer(ModelTask task, TokenUsage input)
    {
        ModelTurn last = task.Turns.LastOrDefault(turn => !turn.IsModels) ?? task.Turns[^1];
        string? thought = task.Thinks ? $"Someone says {last.Text}. Let me think." : null;
        IReadOnlyList<AnsweredCall> calls = CallsFor(task, last);
        string text = calls.Count > 0 ? "" : TextFor(task, last);
        (text, string? stop) = CutAtStop(text, task.Stops);
        AnswerEnd end = calls.Count > 0 ? AnswerEnd.Tools : stop is not null ? AnswerEnd.StopSequence : AnswerEnd.Done;
        long thinking = thought is null ? 0 : Words.Count(thought);
        long room = Math.Max(0, (task.OutputTokensMax ?? long.MaxValue) - thinking);
        if (Words.Count(text) > room)
        {
            (text, end, stop) = (Words.Cut(text, room), AnswerEnd.TooLong, null);
        }

        long output = thinking + Words.Count(text) + calls.Sum(call => 1 + Words.Count(call.Arguments));
        return new ModelAnswer
        {
            Thought = thought,
            Text = text,
            Calls = calls,
            End = end,
            StoppedBy = stop,
            Usage = input with { Output = output * task.Candidates, Reasoning = thinking * task.Candidates },
        };
    }

    private static List<AnsweredCall> CallsFor(ModelTask task, ModelTurn last)
    {
        bool hasResults = last.Parts.Any(part => part is ModelPart.Result);
        if (task.Policy == ToolPolicy.None || task.Tools.Count == 0 || (hasResults && task.Policy != ToolPolicy.Required))
        {
            return [];
        }

        ModelTool[] allowed = [.. task.Tools.Where(tool => task.ForcedTools.Count == 0 || task.ForcedTools.Contains(tool.Name))];
        List<AnsweredCall> calls = [.. allowed.SelectMany(tool => Mentions(tool, last.Text)).OrderBy(mention => mention.At).Select(mention => mention.Call)];
        if (calls.Count == 0 && task.Policy == ToolPolicy.Required)
        {
            calls.Add(new AnsweredCall(allowed[0].Name, SampleOf(allowed[0], last.Text)));
        }

        return task.OneToolAtATime ? [.. calls.Take(1)] : calls;
    }

    private static IEnumerable<(int At, AnsweredCall Call)> Mentions(ModelTool tool, string text)
    {
        for (int at = text.IndexOf(tool.Name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(tool.Name, at + 1, StringComparison.Ordinal))
        {
            string rest = text[(at + tool.Name.Length)..].TrimStart();
            yield return (at, new AnsweredCall(tool.Name, rest.StartsWith('{') && FirstObject(rest) is { } arguments ? arguments : SampleOf(tool, text)));
        }
    }

    private static string? FirstObject(string text)
    {
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(text), isFinalBlock: false, default);
        try
        {
            return reader.Read() && reader.TrySkip() ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)[..(int)reader.BytesConsumed]) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string SampleOf(ModelTool tool, string heard) =>
        tool.Schema is { } schema && SchemaSample.Of(schema, heard) is JsonObject made ? made.ToJsonString(Relaxed) : "{}";

    private static string TextFor(ModelTask task, ModelTurn last)
    {
        ModelPart.Result[] results = [.. last.Parts.OfType<ModelPart.Result>()];
        string heard = results.Length == 0 ? last.Text : string.Join("; ", results.Select(result => ShowResult(task, result)));
        if (task.Schema is { } schema)
        {
            return SchemaSample.Of(schema, heard)?.ToJsonString(Relaxed) ?? "null";
        }

        if (task.AnyJson)
        {
            return new JsonObject { ["heard"] = heard }.ToJsonString(Relaxed);
        }

        int count = last.Text.IndexOf(CountOrder, StringComparison.Ordinal);
        if (count >= 0 && int.TryParse(string.Concat(last.Text[(count + CountOrder.Length)..].TakeWhile(char.IsAsciiDigit)), out int numbers))
        {
            return string.Join(' ', Enumerable.Range(1, numbers));
        }

        return Repeat(task, last, results.Length == 0 ? $"You said: {heard}" : $"Results: {heard}");
    }

    private static string Repeat(ModelTask task, ModelTurn last, string text)
    {
        StringBuilder answer = new(text);
        ModelPart.Media[] media = [.. task.Turns.SelectMany(turn => turn.Parts).OfType<ModelPart.Media>()];
        if (media.Length > 0)
        {
            answer.Append(" | Attached: ").AppendJoin(", ", media.Select(part => part.Shown));
        }

        if (task.Instructions.Length > 0)
        {
            answer.Append(" | Instructions: ").Append(task.Instructions);
        }

        ModelTurn[] earlier = [.. task.Turns.Where(turn => turn != last && turn.Text.Length > 0)];
        if (earlier.Length > 0)
        {
            answer.Append(" | Earlier: ").AppendJoin("; ", earlier.Select(turn => $"{(turn.IsModels ? "assistant" : "user")} said {turn.Text}"));
        }

        if (task.Settings.Count > 0)
        {
            answer.Append(" | Settings: ").AppendJoin(' ', task.Settings.Select(setting => $"{setting.Key}={setting.Value}"));
        }

        return answer.ToString();
    }

    private static string ShowResult(ModelTask task, ModelPart.Result result)
    {
        string name = task.Turns.SelectMany(turn => turn.Parts).OfType<ModelPart.Call>().FirstOrDefault(call => call.Id == result.CallId)?.Name ?? result.Name ?? "?";
        return $"{name} {(result.IsError ? "failed" : "said")} {result.Value}";
    }

    private static (string Text, string? Stop) CutAtStop(string text, IReadOnlyList<string> stops)
    {
        string? first = stops.Where(stop => text.Contains(stop, StringComparison.Ordinal)).MinBy(stop => text.IndexOf(stop, StringComparison.Ordinal));
        return first is null ? (text, null) : (text[..text.IndexOf(first, StringComparison.Ordinal)], first);
    }
}
