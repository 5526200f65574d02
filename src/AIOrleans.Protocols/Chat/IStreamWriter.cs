using System.Buffers;

namespace AIOrleans.Protocols.Chat;

/// <summary>Writes the steps of the canonical model as a client's stream. One per stream; holds no content back beyond what its protocol cannot split.</summary>
internal interface IStreamWriter
{
    /// <summary>Writes none or more whole events.</summary>
    void Write(ChatEvent step, IBufferWriter<byte> output);
}
