using System.Runtime.InteropServices;
using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Calls;

/// <summary>Adds up what a body holds while its messages are walked.</summary>
internal sealed class InputTally
{
    public int Images { get; private set; }

    public int Sounds { get; private set; }

    public int Files { get; private set; }

    public bool ReadsMore { get; set; }

    public long TextBytes { get; private set; }

    /// <summary>Bytes of the body that are no text: payloads of images and sounds.</summary>
    public long PayloadBytes { get; private set; }

    /// <summary>Counts a string that the model reads; anything else counts nothing.</summary>
    public void AddText(JsonElement text)
    {
        if (text.ValueKind == JsonValueKind.String)
        {
            Utf8JsonReader reader = new(JsonMarshal.GetRawUtf8Value(text));
            reader.Read();
            TextBytes += JsonKinds.TextBytesOf(ref reader);
        }
    }

    /// <summary>Counts an image; its payload, if it is within the body, is no text.</summary>
    public void AddImage(JsonElement payload)
    {
        Images++;
        PayloadBytes += LengthOf(payload);
    }

    /// <summary>Counts a sound. How many tokens it makes follows from its length in seconds, which nobody knows here.</summary>
    public void AddSound(JsonElement payload)
    {
        Sounds++;
        ReadsMore = true;
        PayloadBytes += LengthOf(payload);
    }

    /// <summary>Counts a file: the provider takes it apart into text and pages.</summary>
    public void AddFile()
    {
        Files++;
        ReadsMore = true;
    }

    private static long LengthOf(JsonElement payload) => payload.ValueKind == JsonValueKind.String ? JsonMarshal.GetRawUtf8Value(payload).Length - 2 : 0;
}
