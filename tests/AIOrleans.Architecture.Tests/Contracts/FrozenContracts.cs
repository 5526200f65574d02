using System.Globalization;

namespace AIOrleans.Architecture.Tests.Contracts;

/// <summary>The reviewed text of all contracts, and what may become of it.</summary>
internal static class FrozenContracts
{
    public const string Path = "tests/AIOrleans.Architecture.Tests/Contracts/contracts.txt";

    private const string Retired = "(retired)";

    /// <summary>The text of <paramref name="contracts"/>; ids that <paramref name="accepted"/> had and they no longer have stay as retired.</summary>
    public static string Write(IReadOnlyList<Contract> contracts, string accepted)
    {
        Dictionary<string, Dictionary<int, string>> before = MessagesIn(accepted);
        var lines = new List<string> { "# What crosses a grain call or a stream. Written by the architecture tests; a change here is a change of the wire." };
        foreach (Contract contract in contracts)
        {
            lines.Add("");
            lines.AddRange(contract.Write());
            if (contract.Alias is { } alias && before.TryGetValue(alias, out Dictionary<int, string>? ids))
            {
                lines.AddRange(ids.Keys.Except(contract.Members.Select(member => member.Id)).Order().Select(id => $"  {id} {Retired}"));
            }
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <summary>Ids that mean something else than they did: messages of older silos and stored ones would be misread, so nothing accepts this.</summary>
    public static IReadOnlyList<string> Renumbered(IReadOnlyList<Contract> contracts, string accepted)
    {
        Dictionary<string, Dictionary<int, string>> before = MessagesIn(accepted);
        return
        [
            .. from contract in contracts
               let ids = before.GetValueOrDefault(contract.Alias ?? "")
               where ids is not null
               from member in contract.Members
               let was = ids.GetValueOrDefault(member.Id)
               where was is not null && was != $"{member.Name}: {member.Type}"
               select $"{contract.Name}: id {member.Id} was '{was}' and is '{member.Name}: {member.Type}' now; ids are never "
                   + "renumbered or reused: give the new member the next free id",
        ];
    }

    /// <summary>Lines that only one of both has, marked as a diff does.</summary>
    public static IReadOnlyList<string> Differences(string accepted, string actual)
    {
        string[] old = accepted.ReplaceLineEndings("\n").Split('\n');
        string[] now = actual.Split('\n');
        return [.. Sectioned(old).Except(Sectioned(now)).Select(line => "- " + line), .. Sectioned(now).Except(Sectioned(old)).Select(line => "+ " + line)];
    }

    private static IEnumerable<string> Sectioned(IEnumerable<string> lines)
    {
        string section = "";
        foreach (string line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] != ' ')
            {
                section = line;
            }

            yield return line[0] == ' ' ? $"{section}:{line[1..]}" : line;
        }
    }

    /// <summary>By alias, what each id of a message means.</summary>
    private static Dictionary<string, Dictionary<int, string>> MessagesIn(string text)
    {
        var messages = new Dictionary<string, Dictionary<int, string>>(StringComparer.Ordinal);
        Dictionary<int, string>? current = null;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] != ' ')
            {
                current = line.StartsWith("message ", StringComparison.Ordinal) && line.Contains(" = ", StringComparison.Ordinal) ? [] : null;
                if (current is not null)
                {
                    messages[line.Split(" = ")[1]] = current;
                }
            }
            else
            {
                string[] parts = line.Trim().Split(' ', 2);
                current?.TryAdd(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
            }
        }

        return messages;
    }
}
