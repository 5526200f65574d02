using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;
using AIOrleans.Providers.Http.Wires;

namespace AIOrleans.Providers.Http;

/// <summary>The addresses that calls go to, worked out once per configuration.</summary>
internal sealed class Endpoints
{
    /// <summary>Addresses kept per provider: a few for each model that is routed to it. More are worked out each time.</summary>
    private const int AddressesMax = 1024;

    /// <summary>All that an address depends on besides its provider.</summary>
    private readonly record struct Place(string Model, WireFormat Format, bool Streamed, bool CountsOnly);

    /// <summary>Entries die with the configuration that they belong to.</summary>
    private readonly ConditionalWeakTable<ProviderConfig, ConcurrentDictionary<Place, Uri>> addresses = [];

    /// <summary>Where <paramref name="request"/> goes.</summary>
    public Uri Of(AttemptRequest request, ProviderWire wire)
    {
        ConcurrentDictionary<Place, Uri> known = addresses.GetValue(request.Provider, static _ => []);
        Place place = new(request.Model, request.Format, request.Streamed, request.CountsOnly);
        if (!known.TryGetValue(place, out Uri? address))
        {
            address = wire.AddressOf(request);
            if (known.Count < AddressesMax)
            {
                known.TryAdd(place, address);
            }
        }

        return address;
    }
}
