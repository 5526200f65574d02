using System.Text.Encodings.Web;
using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Makes the upstream's body of the client's: another model name and, for streams, <c>include_usage</c>; every other byte stays.</summary>
public static class ChatRequestPatch
{
    /// <summary>The body to send. It is <see cref="ChatRequest.Body"/> itself when nothing has to change, else a new array.</summary>
    /// <param name="upstreamModel">The model as the provider calls it.</param>
    public static ReadOnlyMemory<byte> Apply(ChatRequest request, string upstreamModel) =>
        Apply(new StreamPatch(request.Body, request.Model, request.ModelValue, request.Stream, request.Options), upstreamModel);

    /// <summary>The same for another body that streams as chat does.</summary>
    internal static ReadOnlyMemory<byte> Apply(StreamPatch request, string upstreamModel)
    {
        Splice model = ModelSplice(request, upstreamModel);
        Splice options = OptionsSplice(request, ref model);
        if (model.IsNothing && options.IsNothing)
        {
            return request.Body;
        }

        (Splice first, Splice second) = model.At.Start <= options.At.Start ? (model, options) : (options, model);
        ReadOnlySpan<byte> body = request.Body.Span;
        byte[] patched = new byte[body.Length + first.Growth + second.Growth];
        Span<byte> rest = patched;
        rest = Copy(body[..first.At.Start], rest);
        rest = Copy(first.Text, rest);
        rest = Copy(body[first.At.End..second.At.Start], rest);
        rest = Copy(second.Text, rest);
        Copy(body[second.At.End..], rest);
        return patched;
    }

    private static Splice ModelSplice(StreamPatch request, string upstreamModel)
    {
        if (request.Model == upstreamModel)
        {
            return new Splice(new BodySpan(request.ModelValue.End, 0), []);
        }

        JsonEncodedText text = JsonEncodedText.Encode(upstreamModel, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return new Splice(request.ModelValue, [(byte)'"', .. text.EncodedUtf8Bytes, (byte)'"']);
    }

    /// <summary>What turns usage on; when there is no <c>stream_options</c> yet, it goes behind the model, into <paramref name="model"/>.</summary>
    private static Splice OptionsSplice(StreamPatch request, ref Splice model)
    {
        StreamOptions options = request.Options;
        Splice nothing = new(new BodySpan(model.At.End, 0), []);
        if (!request.Stream || options.IncludeUsage)
        {
            return nothing;
        }

        if (options.Value is not { } value)
        {
            model = model with { Text = [.. model.Text, .. ",\"stream_options\":{\"include_usage\":true}"u8] };
            return nothing;
        }

        if (!options.IsObject)
        {
            return new Splice(value, "{\"include_usage\":true}"u8.ToArray());
        }

        return options.IncludeUsageValue is { } include
            ? new Splice(include, "true"u8.ToArray())
            : new Splice(new BodySpan(value.Start + 1, 0), (options.IsEmpty ? "\"include_usage\":true"u8 : "\"include_usage\":true,"u8).ToArray());
    }

    private static Span<byte> Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return to[from.Length..];
    }

    /// <summary>Replaces the bytes at <paramref name="At"/> by <paramref name="Text"/>.</summary>
    private readonly record struct Splice(BodySpan At, byte[] Text)
    {
        public bool IsNothing => At.Length == 0 && Text.Length == 0;

        public int Growth => Text.Length - At.Length;
    }
}
