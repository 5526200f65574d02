using Microsoft.Extensions.DependencyInjection;
using Orleans.Compat.Reminders;
using Orleans.Compat.State;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>What only the embedded engine has, and genuine Orleans does not: state and reminders in a SQLite file.</summary>
/// <remarks>The folder must exist. Several names and both kinds may share one file.</remarks>
public static class EmbeddedSiloBuilderExtensions
{
    /// <summary>Keeps state by that name as JSON in the file at <paramref name="path"/>.</summary>
    public static ISiloBuilder UseSqliteGrainStorage(this ISiloBuilder builder, string name, string path)
    {
        builder.Services.AddKeyedSingleton<IGrainStorage>(name, (_, _) => new SqliteGrainStorage(name, path));
        return builder;
    }

    /// <summary>Keeps reminders in the file at <paramref name="path"/>; those that were due while the process was down come once at start.</summary>
    public static ISiloBuilder UseSqliteReminderService(this ISiloBuilder builder, string path)
    {
        builder.Services.AddSingleton<IReminderStore>(_ => new SqliteReminderStore(path));
        return builder.AddReminders();
    }
}
