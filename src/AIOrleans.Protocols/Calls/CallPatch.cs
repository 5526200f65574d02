using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Gemini;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Calls;

/// <summary>Makes the body for a provider of the client's own protocol: only what must differ is changed, every other byte stays.</summary>
public static class CallPatch
{
    /// <summary>The body to send; it is <see cref="CallFacts.Body"/> itself when nothing has to change.</summary>
    /// <param name="upstreamModel">The model as the provider calls it. Gemini has it in the address.</param>
    public static ReadOnlyMemory<byte> Apply(CallFacts call, string upstreamModel)
    {
        if (call.Patchable is { } patchable)
        {
            return ChatRequestPatch.Apply(patchable, upstreamModel);
        }

        if (!call.ModelNames.IsEmpty)
        {
            return RenameAll(call, upstreamModel);
        }

        if (call.Model == upstreamModel || (call.ModelValue is null && call.ModelInsertAt is null))
        {
            return call.Body;
        }

        ReadOnlySpan<byte> body = call.Body.Span;
        BodySpan at = call.ModelValue ?? new BodySpan(call.ModelInsertAt ?? 0, 0);
        if (call.IsForm)
        {
            return (byte[])[.. body[..at.Start], .. Encoding.UTF8.GetBytes(upstreamModel), .. body[at.End..]];
        }

        JsonEncodedText text = JsonEncodedText.Encode(upstreamModel, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        if (call.ModelInsertAt is not null)
        {
            return (byte[])[.. body[..at.Start], .. "\"model\":\""u8, .. text.EncodedUtf8Bytes, .. "\","u8, .. body[at.End..]];
        }

        return (byte[])[.. body[..at.Start], (byte)'"', .. text.EncodedUtf8Bytes, (byte)'"', .. body[at.End..]];
    }

    /// <summary>Google wants the names within to be the one of the address, whatever the client wrote.</summary>
    private static ReadOnlyMemory<byte> RenameAll(CallFacts call, string upstreamModel)
    {
        JsonEncodedText text = JsonEncodedText.Encode(GeminiModelNames.ResourceOf(upstreamModel), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        ArrayBufferWriter<byte> output = new(call.Body.Length + (call.ModelNames.Length * text.EncodedUtf8Bytes.Length));
        int from = 0;
        foreach (BodySpan at in call.ModelNames)
        {
            output.Write(call.Body.Span[from..at.Start]);
            output.Write("\""u8);
            output.Write(text.EncodedUtf8Bytes);
            output.Write("\""u8);
            from = at.End;
        }

        output.Write(call.Body.Span[from..]);
        return output.WrittenMemory;
    }
}
