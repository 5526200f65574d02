using AIOrleans.Contracts.Usage;
using AIOrleans.Core.Silos;
using AIOrleans.Host.Startup;
using Orleans.Hosting;

namespace AIOrleans.Host.Silo;

/// <summary>The silo of the Embedded edition: grains in this process, their state in SQLite beside the ledger.</summary>
internal static class SiloSetup
{
    private const string FileName = "grains.db";

    /// <summary>The one process does everything.</summary>
    public static string RoleOf(IConfiguration configuration) => SiloRoles.All;

    /// <summary>Composes the silo.</summary>
    public static void UseAIOrleansSilo(this IHostApplicationBuilder builder)
    {
        string path = Path.Combine(HostSettings.From(builder.Configuration).DataFolder, FileName);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.UseSqliteGrainStorage("Default", path);
            silo.UseSqliteReminderService(path);
            silo.AddMemoryStreams(UsageStream.Provider);
        });
    }
}
