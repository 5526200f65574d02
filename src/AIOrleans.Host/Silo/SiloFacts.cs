using System.Reflection;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orleans.Runtime;

namespace AIOrleans.Host.Silo;

/// <summary>What this process tells the others of itself.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SiloFacts(ILocalSiloDetails silo, IServer server, IConfiguration configuration, ProcessLoad load, TimeProvider time) : ISiloFacts
{
    private static readonly string ProductVersion =
        typeof(SiloFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly string role = SiloSetup.RoleOf(configuration);
    private readonly DateTimeOffset startedAt = time.GetUtcNow();

    public string InstanceId { get; } = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    public SiloRecord Describe() => new()
    {
        InstanceId = InstanceId,
        Name = silo.Name,
        Address = silo.SiloAddress.Endpoint.ToString(),
        HttpAddress = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "",
        Version = ProductVersion,
        Role = role,
        StartedAt = startedAt,
        Load = load.Read().ToJson(),
    };
}
