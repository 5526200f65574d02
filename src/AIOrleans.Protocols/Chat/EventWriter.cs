using System.Buffers;
using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>Writes single server-sent events with a JSON object as data, one after another, with one JSON writer.</summary>
internal sealed class EventWriter
{
    private Utf8JsonWriter? writer;

    /// <summary>Begins an event; its data is written to what is returned, from <c>{</c> to <c>}</c>.</summary>
    /// <param name="name">The <c>event</c> line; empty: none.</param>
    public Utf8JsonWriter Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> name)
    {
        if (!name.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(name);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
        if (writer is null)
        {
            writer = new Utf8JsonWriter(output, JsonInput.WriterOptions);
        }
        else
        {
            writer.Reset(output);
        }

        writer.WriteStartObject();
        return writer;
    }

    /// <summary>Ends the object and the event.</summary>
    public void End(IBufferWriter<byte> output)
    {
        // ! Begin went before.
        writer!.WriteEndObject();
        writer.Flush();
        output.Write("\n\n"u8);
    }
}
