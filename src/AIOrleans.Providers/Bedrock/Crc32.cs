namespace AIOrleans.Providers.Bedrock;

/// <summary>The checksum of event-stream frames: CRC-32 as in IEEE 802.3, ZIP and PNG.</summary>
internal static class Crc32
{
    /// <summary>The polynomial 0x04C11DB7, its bits reversed.</summary>
    private const uint Polynomial = 0xEDB8_8320;

    private static readonly uint[] Table = BuildTable();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = (crc >> 8) ^ Table[(byte)crc ^ value];
        }

        return ~crc;
    }

    private static uint[] BuildTable()
    {
        uint[] table = new uint[256];
        for (uint value = 0; value < table.Length; value++)
        {
            uint crc = value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }

            table[value] = crc;
        }

        return table;
    }
}
