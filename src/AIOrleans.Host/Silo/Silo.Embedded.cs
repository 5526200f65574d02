using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using AIOrleans.Contracts.Usage;
using Orleans.Hosting;

namespace AIOrleans.Host.Silo;

/// <summary>The silo of the Embedded edition: grains in this process, their state in SQLite beside the ledger.</summary>
internal static class SiloSetup
{
    public static void UseAIOrleansSilo(this IHostApplicationBuilder builder, string dataFolder)
    {
        string path = Path.Combine(dataFolder, "grains.db");
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.UseSqliteGrainStorage("Default", path);
            silo.UseSqliteReminderService(path);
            silo.AddMemoryStreams(UsageStream.Provider);
        });
    }
}
