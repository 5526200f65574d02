using System.Buffers.Binary;
using System.Text;

namespace AIOrleans.Host.Tests.Tracing;

/// <summary>One field of a protobuf message: as much of the format as OTLP has.</summary>
internal readonly record struct ProtoField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public string Hex => Convert.ToHexStringLower(Bytes.Span);

    /// <summary>The fields of the message that this one holds.</summary>
    public IEnumerable<ProtoField> Fields => Of(Bytes);

    public static IEnumerable<ProtoField> Of(ReadOnlyMemory<byte> message)
    {
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    yield return new ProtoField((int)(tag >> 3), Varint(message, ref at), default);
                    break;
                case 1:
                    yield return new ProtoField((int)(tag >> 3), BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), default);
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    yield return new ProtoField((int)(tag >> 3), 0, message.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    yield return new ProtoField((int)(tag >> 3), BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), default);
                    at += 4;
                    break;
                default:
                    throw new FormatException($"A protobuf field has wire type {tag & 7}.");
            }
        }
    }

    private static ulong Varint(ReadOnlyMemory<byte> message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message.Span[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
