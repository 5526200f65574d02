using Orleans.Runtime;

namespace Orleans.Configuration
{
    /// <summary>What calls may take.</summary>
    public abstract class MessagingOptions
    {
        /// <summary>How long a caller waits for an answer. Default 30 s.</summary>
        public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }

    /// <inheritdoc/>
    public class SiloMessagingOptions : MessagingOptions;

    /// <inheritdoc/>
    public class ClientMessagingOptions : MessagingOptions;

    /// <summary>When idle activations end.</summary>
    public class GrainCollectionOptions
    {
        /// <summary>How often the collector looks. Default 1 min.</summary>
        public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How long an activation may be idle; more than the quantum. Default 15 min.</summary>
        public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

        /// <summary>By full class name.</summary>
        public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = new(StringComparer.Ordinal);

        /// <summary>How long <c>OnActivateAsync</c> may take. Default 30 s.</summary>
        public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>How long <c>OnDeactivateAsync</c> may take. Default 30 s.</summary>
        public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

        internal void Validate()
        {
            if (CollectionQuantum <= TimeSpan.Zero)
            {
                throw new OrleansConfigurationException($"CollectionQuantum is set to {CollectionQuantum}. CollectionQuantum must be greater than 0");
            }

            foreach (TimeSpan age in ClassSpecificCollectionAge.Values.Prepend(CollectionAge))
            {
                if (age <= CollectionQuantum)
                {
                    throw new OrleansConfigurationException(
                        $"CollectionAge is set to {age}. CollectionAge must be greater than CollectionQuantum, which is set to {CollectionQuantum}");
                }
            }
        }
    }

    /// <summary>What the cluster is called.</summary>
    public class ClusterOptions
    {
        public const string DefaultClusterId = "default";
        public const string DefaultServiceId = "default";

        public string ClusterId { get; set; } = DefaultClusterId;

        public string ServiceId { get; set; } = DefaultServiceId;
    }

    /// <summary>What the silo is called.</summary>
    public class SiloOptions
    {
        /// <summary>Null: made up at start.</summary>
        public string? SiloName { get; set; }
    }

    /// <summary>Where the silo would listen.</summary>
    public class EndpointOptions
    {
        public const int DEFAULT_SILO_PORT = 11111;
        public const int DEFAULT_GATEWAY_PORT = 30000;

        public int SiloPort { get; set; } = DEFAULT_SILO_PORT;

        public int GatewayPort { get; set; } = DEFAULT_GATEWAY_PORT;
    }
}

namespace Orleans.Hosting
{
    /// <summary>What reminders may be.</summary>
    public sealed class ReminderOptions
    {
        /// <summary>Shortest period that may be asked for. Default 1 min.</summary>
        public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
    }
}
