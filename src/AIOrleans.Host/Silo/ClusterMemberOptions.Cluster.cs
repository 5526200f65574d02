using System.Net;
using AIOrleans.Core.Silos;
using Microsoft.Extensions.Options;

namespace AIOrleans.Host.Silo;

/// <summary>How this process takes part in a cluster. Section <c>Cluster</c>.</summary>
internal sealed class ClusterMemberOptions
{
    public const string Section = "Cluster";

    /// <summary>Silos with the same id and database find each other. Default <c>aiorleans</c>.</summary>
    public string ClusterId { get; set; } = "aiorleans";

    /// <summary>Whose reminders and grain state: outlives a cluster, so that a blue and a green one may share it. Default <c>aiorleans</c>.</summary>
    public string ServiceId { get; set; } = "aiorleans";

    /// <summary>TCP port for other silos. Default 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>TCP port for Orleans clients outside the cluster. Default 0: none, because every gateway process is a silo itself.</summary>
    public int GatewayPort { get; set; }

    /// <summary>Address at which other silos reach this one. Default: the first address of this machine that is not loopback.</summary>
    public string? AdvertisedIPAddress { get; set; }

    /// <summary>What this silo does: <c>all</c> (default), <c>front</c> (serves calls, keeps no accounts) or <c>back</c> (keeps accounts, serves no calls).</summary>
    public string Role { get; set; } = SiloRoles.All;

    /// <summary>Longest wait for a grain call between silos, in seconds. Default 30, 1 to 300.</summary>
    public int ResponseTimeoutSeconds { get; set; } = 30;

    /// <summary>How long a silo may be silent before the others declare it dead, in seconds. Default 6, 3 to 120. A machine that stalls for longer loses its silo.</summary>
    public int FailureDetectionSeconds { get; set; } = 6;

    /// <summary>Most database connections that Orleans itself may open in this process, besides those of the ledger. Default 10, 2 to 200.</summary>
    public int ConnectionsMax { get; set; } = 10;
}

/// <summary>Lists every mistake of <see cref="ClusterMemberOptions"/> at once.</summary>
internal sealed class ClusterMemberOptionsValidator : IValidateOptions<ClusterMemberOptions>
{
    /// <summary>Longest cluster or service id in characters: it stands in every key that Orleans writes.</summary>
    private const int IdLengthMax = 150;

    private const int PortMax = 65535;

    public ValidateOptionsResult Validate(string? name, ClusterMemberOptions options)
    {
        List<string> mistakes = [];
        CheckId(nameof(options.ClusterId), options.ClusterId, mistakes);
        CheckId(nameof(options.ServiceId), options.ServiceId, mistakes);
        CheckRange(nameof(options.SiloPort), options.SiloPort, 1, PortMax, mistakes);
        CheckRange(nameof(options.GatewayPort), options.GatewayPort, 0, PortMax, mistakes);
        CheckRange(nameof(options.ResponseTimeoutSeconds), options.ResponseTimeoutSeconds, 1, 300, mistakes);
        CheckRange(nameof(options.FailureDetectionSeconds), options.FailureDetectionSeconds, 3, 120, mistakes);
        CheckRange(nameof(options.ConnectionsMax), options.ConnectionsMax, 2, 200, mistakes);
        if (options.GatewayPort == options.SiloPort)
        {
            mistakes.Add($"Cluster:GatewayPort is {options.GatewayPort}, the same as Cluster:SiloPort; each needs a port of its own.");
        }

        if (!SiloRoles.Known.Contains(options.Role))
        {
            mistakes.Add($"Cluster:Role is '{options.Role}'; it must be 'all', 'front' or 'back'.");
        }

        CheckAddress(options.AdvertisedIPAddress, mistakes);
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static void CheckId(string name, string value, List<string> mistakes)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > IdLengthMax)
        {
            mistakes.Add($"Cluster:{name} is '{value}'; it must be a name of 1 to {IdLengthMax} characters.");
        }
    }

    private static void CheckRange(string name, int value, int min, int max, List<string> mistakes)
    {
        if (value < min || value > max)
        {
            mistakes.Add($"Cluster:{name} is {value}; it must be {min} to {max}.");
        }
    }

    private static void CheckAddress(string? text, List<string> mistakes)
    {
        if (text is null)
        {
            return;
        }

        if (!IPAddress.TryParse(text, out IPAddress? address))
        {
            mistakes.Add($"Cluster:AdvertisedIPAddress is '{text}'; it must be an IP address such as 10.0.0.7, not a host name.");
        }
        else if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            mistakes.Add($"Cluster:AdvertisedIPAddress is '{text}', which no other silo can reach; name the address of this machine.");
        }
    }
}
