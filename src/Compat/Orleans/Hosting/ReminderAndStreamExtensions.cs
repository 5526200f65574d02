using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Compat.Hosting;
using Orleans.Compat.Reminders;
using Orleans.Compat.Streams;
using Orleans.Streams;
using Orleans.Timers;

namespace Orleans.Hosting;

/// <summary>Streams and reminders that live as long as the process.</summary>
public static class ReminderAndStreamExtensions
{
    /// <summary>Adds streams by that name.</summary>
    public static ISiloBuilder AddMemoryStreams(this ISiloBuilder builder, string name)
    {
        builder.Services.AddKeyedSingleton<IStreamProvider>(name, (services, _) => new MemoryStreams(name, services.GetRequiredService<Silo>()));
        return builder;
    }

    /// <summary>Keeps reminders in memory.</summary>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
    {
        builder.Services.AddSingleton<IReminderStore, MemoryReminderStore>();
        return builder.AddReminders();
    }

    /// <summary>Adds the service; a store has to be added too.</summary>
    public static ISiloBuilder AddReminders(this ISiloBuilder builder)
    {
        if (!builder.Services.Any(static service => service.ServiceType == typeof(ReminderService)))
        {
            builder.Services.AddSingleton<ReminderService>();
            builder.Services.TryAddSingleton<IReminderRegistry>(static services => services.GetRequiredService<ReminderService>());
            builder.Services.AddHostedService(static services => services.GetRequiredService<ReminderService>());
        }

        return builder;
    }
}
