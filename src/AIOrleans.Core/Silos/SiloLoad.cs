using System.Text.Json;

namespace AIOrleans.Core.Silos;

/// <summary>How busy one process is.</summary>
public sealed record SiloLoad
{
    /// <summary>Requests that are being served.</summary>
    public long RequestsInFlight { get; init; }

    /// <summary>Of these, those that hold.</summary>
    public long Holds { get; init; }

    /// <summary>Of these, those that wait in line for a limit.</summary>
    public long WaitingInLine { get; init; }

    /// <summary>Ledger calls that wait to be written.</summary>
    public long LedgerQueue { get; init; }

    /// <summary>Processor time of late, of all processors that the process may use.</summary>
    public int CpuPerMille { get; init; }

    /// <summary>What the process takes of the machine's memory.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Managed heap, of the memory that the process may use.</summary>
    public int HeapPerMille { get; init; }

    /// <summary>What calls of this process hold on most.</summary>
    public IReadOnlyList<HotAccount> Hottest { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>Reads what some version wrote; what this one does not know is left out, and what it cannot read is an idle process.</summary>
    public static SiloLoad Of(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<SiloLoad>(json, JsonSerializerOptions.Web) ?? new SiloLoad();
        }
        catch (JsonException)
        {
            return new SiloLoad();
        }
    }
}
