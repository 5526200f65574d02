using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Orleans
{
    /// <summary>Finds stream providers from inside a grain.</summary>
    public static class GrainStreamingExtensions
    {
        /// <exception cref="KeyNotFoundException">None is registered by that name.</exception>
        public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name) =>
            ((Compat.Activations.Activation)grain.GrainContext).Silo.Services.FindStreamProvider(name);
    }

    /// <summary>Finds stream providers from outside of grains.</summary>
    public static class ClientStreamingExtensions
    {
        /// <inheritdoc cref="GrainStreamingExtensions.GetStreamProvider"/>
        public static IStreamProvider GetStreamProvider(this IClusterClient client, string name) => client.ServiceProvider.FindStreamProvider(name);

        internal static IStreamProvider FindStreamProvider(this IServiceProvider services, string name)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            return services.GetKeyedService<IStreamProvider>(name) ?? throw new KeyNotFoundException($"Stream provider '{name}' not found");
        }
    }
}
