using System.Text;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Identity;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Host.Startup;

/// <summary>Brings the configuration file, or at a first start without one the defaults, into the directory.</summary>
internal sealed class ConfigApplier(
    LiveDirectory directory, LivePrices prices, ChangeSpread spread, AppliedConfig applied, ISecretVault vault, HostSettings settings, TimeProvider time,
    ILogger<ConfigApplier> logger)
{
    /// <summary>Much more than what even a million accounts need when they are loaded.</summary>
    private const long LargeBytes = 768L * 1024 * 1024;

    /// <summary>The file as it was just before it was last read.</summary>
    public FileStamp Applied { get; private set; }

    /// <summary>Loads the directory and applies what this start was given.</summary>
    /// <returns>Keys made now; null when none were.</returns>
    /// <exception cref="ConfigMistakesException">The file is refused whole.</exception>
    public async Task<FirstKeys?> ApplyAtStartAsync(CancellationToken cancellationToken)
    {
        if (settings.ConfigPath is { } path)
        {
            await ApplyFileAsync(path, cancellationToken);

            // The frame that resumes here still refers to what was read.
            await Task.Yield();
            GiveBackMemory();
            return null;
        }

        await directory.RefreshAsync(cancellationToken);
        FirstKeys? keys = directory.Current.Tenants.IsEmpty ? await CreateDefaultsAsync(cancellationToken) : null;
        await RecordPricesAsync(directory.Current.Models.Values, cancellationToken);
        return keys;
    }

    /// <summary>Applies the file whole; does nothing when the directory is as the same file left it.</summary>
    /// <exception cref="ConfigMistakesException">It has mistakes: nothing was changed.</exception>
    public async Task ApplyFileAsync(string path, CancellationToken cancellationToken)
    {
        Applied = FileStamp.Of(path);
        try
        {
            // Both take long where there are a million accounts.
            Task<ConfigHash> hashing = ConfigHash.OfFileAsync(path, cancellationToken);
            await Task.WhenAll(hashing, directory.RefreshAsync(cancellationToken));
            if (await applied.IsInForceAsync(await hashing, directory.Current.Revision, cancellationToken))
            {
                await RecordPricesAsync(directory.Current.Models.Values, cancellationToken);
                Tell(path, writtenCount: 0, directory.Current.Models.Values);
                return;
            }

            await ApplyTextAsync(path, await File.ReadAllBytesAsync(path, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigMistakesException(path, [new ConfigMistake("$", $"cannot be read: {exception.Message}")]);
        }
    }

    /// <summary>Reading and comparing a large file leaves several times its size behind. Nobody is served yet whom a collection would stop.</summary>
    private static void GiveBackMemory()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) > LargeBytes)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    /// <summary>For what begins as no UTF-8 does: other encodings say so there.</summary>
    private static ReadOnlyMemory<byte> InUtf8(byte[] text)
    {
        if (text is not [0xFE or 0xFF or 0, ..])
        {
            return text;
        }

        using var reader = new StreamReader(new MemoryStream(text), detectEncodingFromByteOrderMarks: true);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd());
    }

    private async Task ApplyTextAsync(string path, byte[] text, CancellationToken cancellationToken)
    {
        switch (ConfigFile.Read(InUtf8(text), Environment.GetEnvironmentVariable, secret => vault.HashKey(secret)))
        {
            case ConfigResult.Refused refused:
                throw new ConfigMistakesException(path, refused.Mistakes);
            case ConfigResult.Accepted accepted:
                // Before the directory, so that no usage event ever names a price that is not in the history.
                await RecordPricesAsync(accepted.Config.Models, cancellationToken);
                long comparedAt = 0;
                IReadOnlyList<DirectoryRecord> written = await directory.ChangeAsync(
                    snapshot =>
                    {
                        comparedAt = snapshot.Revision;
                        return DirectoryChanges.Between(snapshot, accepted.Config, vault);
                    },
                    cancellationToken);
                if (written.Count > 0)
                {
                    // "Applied" is told when it is so on every process; one that does not confirm is named in the log.
                    await spread.AwaitAsync(cancellationToken);
                }

                await applied.NoteAsync(ConfigHash.Of(text), accepted.Config.Variables, comparedAt + written.Count, cancellationToken);
                Tell(path, written.Count, accepted.Config.Models);
                break;
        }
    }

    private void Tell(string path, int writtenCount, IEnumerable<ModelConfig> models)
    {
        StartupLog.ConfigApplied(logger, path, writtenCount);
        WarnOfUnpriced(models);
    }

    private void WarnOfUnpriced(IEnumerable<ModelConfig> models)
    {
        foreach (ModelConfig model in models.Where(model => !model.AllowUnpriced))
        {
            if (prices.Current.PricesOf(model, time.GetUtcNow()).Unpriced is { } route)
            {
                StartupLog.Unpriced(logger, model.Name, $"{route.Provider}/{route.Model}");
            }
        }
    }

    private Task RecordPricesAsync(IEnumerable<ModelConfig> models, CancellationToken cancellationToken)
    {
        ModelConfig[] priced = [.. models];
        DateTimeOffset now = time.GetUtcNow();
        return prices.ChangeAsync(book => PriceChanges.OfConfig(book, priced, now), cancellationToken);
    }

    private async Task<FirstKeys?> CreateDefaultsAsync(CancellationToken cancellationToken)
    {
        var keys = new FirstKeys(
            SecretOf("AIORLEANS_DEMO_KEY", settings.DemoKey), SecretOf("AIORLEANS_ADMIN_KEY", settings.AdminKey));
        bool written = await directory.WriteAsync(DirectoryDefaults.Records(keys.Key, keys.Admin, vault), directory.Current.Revision, cancellationToken);
        return written ? keys : null;
    }

    private static Secret SecretOf(string variable, string? value)
    {
        if (value is null)
        {
            return ApiKeySecret.New();
        }

        return ApiKeySecret.IsSendable(value)
            ? new Secret(value)
            : throw new InvalidOperationException($"{variable} cannot be sent as a key: use visible ASCII characters without spaces, at most {ApiKeySecret.CharsMax}.");
    }
}

/// <summary>Keys made by a first start.</summary>
internal sealed record FirstKeys(Secret Key, Secret Admin);

/// <summary>A configuration file was refused whole: every mistake in it.</summary>
internal sealed class ConfigMistakesException(string configPath, IReadOnlyList<ConfigMistake> mistakes)
    : Exception($"The configuration {configPath} has {mistakes.Count} mistakes.")
{
    public string ConfigPath => configPath;

    public IReadOnlyList<ConfigMistake> Mistakes => mistakes;
}
