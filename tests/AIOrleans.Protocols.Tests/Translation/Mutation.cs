namespace AIOrleans.Protocols.Tests.Translation;

/// <summary>Breaks bytes the way that breaks parsers: structure, escapes, numbers, cuts, and pieces moved elsewhere.</summary>
internal static class Mutation
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u", "\\ud800", "\\udc00\\ud83d", "null", "true", "-1", "1e999", "99999999999999999999", "0.5", "{}", "[]",
            "\"\"", "\n\n", "\r", "\0", "data: ", "[DONE]", "\u00FF", "\"type\":\"text\"",
        }.Select(System.Text.Encoding.Latin1.GetBytes),
    ];

    public static byte[] Of(byte[] source, Random random)
    {
        List<byte> bytes = [.. source];
        for (int k = random.Next(1, 4); k > 0 && bytes.Count > 4; k--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(12))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 3:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes[at] = (byte)"{}[]\":,\\ut0-e"[random.Next(13)];
                    break;
                default:
                    ReplaceValue(bytes, at, random);
                    break;
            }
        }

        if (random.Next(20) == 0)
        {
            bytes.RemoveRange(bytes.Count / 2, bytes.Count - (bytes.Count / 2));
        }

        return [.. bytes];
    }

    /// <summary>Another value behind the next colon: valid JSON of the wrong kind gets further than broken JSON.</summary>
    private static void ReplaceValue(List<byte> bytes, int from, Random random)
    {
        int colon = bytes.IndexOf((byte)':', from);
        int end = colon < 0 ? -1 : bytes.FindIndex(colon, value => value is (byte)',' or (byte)'}' or (byte)'\n');
        if (end > colon + 1)
        {
            string[] values = ["null", "true", "-1", "0", "\"x\"", "{}", "[]", "1e30", "\"\\ud83d\\ude00\"", "[{}]", "{\"type\":\"x\"}"];
            bytes.RemoveRange(colon + 1, end - colon - 1);
            bytes.InsertRange(colon + 1, System.Text.Encoding.ASCII.GetBytes(values[random.Next(values.Length)]));
        }
    }
}
