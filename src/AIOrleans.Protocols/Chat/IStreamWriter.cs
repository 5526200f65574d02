using System.Buffers;

namespace AIOrleans.Protocols.Chat;

/// <summary>Writes the steps of the canonical model as a client's stream. One per stream; holds no content back beyond what its protocol cannot split.</summary>
internal interface IStreamWriter
{
    /// <summary>Writes none or more whole events.</summary>
    void Write(ChatEvent step, IBufferWriter<byte> output);

    /// <summary>True when more came than may be gathered for the events that repeat or wait: the stream cannot go on.</summary>
    bool IsFull => false;

    /// <summary>The number of the next event, where the protocol counts them; else 0.</summary>
    long NextSequence => 0;
}
