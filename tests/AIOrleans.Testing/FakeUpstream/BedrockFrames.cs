using System.Buffers.Binary;
using System.Text;

namespace AIOrleans.Testing;

/// <summary>Frames of <c>application/vnd.amazon.eventstream</c>, written from the documentation and independently of the code that reads them.</summary>
public static class BedrockFrames
{
    /// <summary>An event with its JSON.</summary>
    public static byte[] Event(string type, string json) =>
        Frame(json, (":event-type", type), (":content-type", "application/json"), (":message-type", "event"));

    /// <summary>An exception of the API with its JSON.</summary>
    public static byte[] Exception(string type, string json) =>
        Frame(json, (":exception-type", type), (":content-type", "application/json"), (":message-type", "exception"));

    /// <summary>An error that is no exception of the API.</summary>
    public static byte[] Error(string code, string message) =>
        Frame("", (":error-code", code), (":error-message", message), (":message-type", "error"));

    /// <summary>Any frame with text headers.</summary>
    public static byte[] Frame(string payload, params (string Name, string Value)[] headers)
    {
        using MemoryStream head = new();
        foreach ((string name, string value) in headers)
        {
            head.WriteByte((byte)name.Length);
            head.Write(Encoding.ASCII.GetBytes(name));
            head.WriteByte(7);
            head.Write([(byte)(value.Length >> 8), (byte)value.Length]);
            head.Write(Encoding.ASCII.GetBytes(value));
        }

        return Frame(head.ToArray(), Encoding.UTF8.GetBytes(payload));
    }

    /// <summary>Any frame whose checksums are right.</summary>
    public static byte[] Frame(byte[] headers, byte[] payload)
    {
        byte[] frame = new byte[16 + headers.Length + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), headers.Length);
        headers.CopyTo(frame, 12);
        payload.CopyTo(frame, 12 + headers.Length);
        return Seal(frame);
    }

    /// <summary>Writes both checksums of a frame anew.</summary>
    public static byte[] Seal(byte[] frame)
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Checksum(frame.AsSpan(0, 8)));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Checksum(frame.AsSpan(0, frame.Length - 4)));
        return frame;
    }

    /// <summary>CRC-32 bit by bit.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFF_FFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB8_8320 & (uint)-(int)(crc & 1));
            }
        }

        return crc ^ 0xFFFF_FFFF;
    }
}
