using System.Text.Json;

namespace AIOrleans.Testing.ModelServers;

/// <summary>What a model was asked, in no wire's words. Filled by the reader of a wire, then read by <see cref="Thinker"/>.</summary>
internal sealed class ModelTask(string model)
{
    /// <summary>As the request named it, fault suffix included.</summary>
    public string Model => model;

    public string Instructions { get; set; } = "";

    public List<ModelTurn> Turns { get; } = [];

    public List<ModelTool> Tools { get; } = [];

    public ToolPolicy Policy { get; set; } = ToolPolicy.Auto;

    /// <summary>The only tools that may be called; empty: all.</summary>
    public List<string> ForcedTools { get; } = [];

    public bool OneToolAtATime { get; set; }

    public long? OutputTokensMax { get; set; }

    public List<string> Stops { get; } = [];

    /// <summary>The answer is to be JSON of this schema.</summary>
    public JsonElement? Schema { get; set; }

    /// <summary>The answer is to be JSON of any shape.</summary>
    public bool AnyJson { get; set; }

    /// <summary>The model thinks before it answers.</summary>
    public bool Thinks { get; set; }

    /// <summary>The caller wants to see the thoughts, where it has to ask.</summary>
    public bool ShowsThoughts { get; set; }

    public int Candidates { get; set; } = 1;

    /// <summary>Parameters that change nothing here but are told in the answer, so that a test sees what arrived.</summary>
    public SortedDictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Everything that is read, in the order in which a cache would see it.</summary>
    public List<PromptSegment> Prompt { get; } = [];

    public void Set(string name, object? value)
    {
        if (value is not null)
        {
            Settings[name] = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
        }
    }

    /// <summary>Counts a text as read.</summary>
    /// <param name="cacheTtl"><c>5m</c> or <c>1h</c> where a cache mark stands behind it.</param>
    public void Read(string text, string? cacheTtl = null) => Prompt.Add(new PromptSegment(text, Words.Count(text), cacheTtl));

    /// <summary>Counts an image, a file or a sound as read.</summary>
    public void Read(ModelPart.Media media, string? cacheTtl = null) => Prompt.Add(new PromptSegment(media.Shown, Words.TokensOfMedia, cacheTtl));
}

/// <summary>A piece of what a model reads.</summary>
internal sealed record PromptSegment(string Text, long Tokens, string? CacheTtl);

/// <summary>One side's words in a conversation.</summary>
internal sealed record ModelTurn(bool IsModels, List<ModelPart> Parts)
{
    public string Text => string.Join(" + ", Parts.OfType<ModelPart.Text>().Select(part => part.Value));
}

/// <summary>A part of a turn.</summary>
internal abstract record ModelPart
{
    private ModelPart()
    {
    }

    public sealed record Text(string Value) : ModelPart;

    /// <param name="Kind">A media type, or <c>url</c>.</param>
    /// <param name="Source">Decoded size in bytes, or the address.</param>
    public sealed record Media(string Kind, string Source) : ModelPart
    {
        public string Shown => $"{Kind} {Source}";

        public static Media OfBytes(string type, byte[] bytes) => new(type, $"{bytes.Length} bytes");
    }

    public sealed record Call(string Id, string Name, JsonElement Arguments) : ModelPart;

    public sealed record Result(string CallId, string? Name, string Value, bool IsError) : ModelPart;

    public sealed record Thought : ModelPart;
}

/// <summary>A tool that the model may call.</summary>
internal sealed record ModelTool(string Name, JsonElement? Schema);

/// <summary>Whether tools are called.</summary>
internal enum ToolPolicy
{
    Auto,
    None,
    Required,
}
