using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity;

/// <summary>How this process follows the directory.</summary>
public sealed class DirectoryOptions
{
    /// <summary>A look is due at least so often within <see cref="StaleSecondsMax"/>: several may fail before it is over.</summary>
    private const int LooksWithinStale = 4;

    private static readonly TimeSpan BeatMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Wait between two looks for changes of other processes, in milliseconds. Default 250 where processes share the store, which also tells of
    /// changes by itself; 1000 where nobody else writes.
    /// </summary>
    [Range(50, 60_000)] public int? PollMilliseconds { get; set; }

    /// <summary>Without a successful look for so long, in seconds, a process that shares its store refuses calls. The same on all silos. Default 5.</summary>
    [Range(2, 60)] public int StaleSecondsMax { get; set; } = 5;

    /// <summary><see cref="StaleSecondsMax"/> as a duration.</summary>
    internal TimeSpan StaleAfter => TimeSpan.FromSeconds(StaleSecondsMax);

    /// <summary>How often a process that shares its store tells that it is there.</summary>
    internal TimeSpan BeatPeriod => Least(BeatMax, StaleAfter / LooksWithinStale);

    /// <summary>Wait between two looks; with a shared store never so long that it would count as stale.</summary>
    internal TimeSpan PollPeriod(bool isShared) => isShared
        ? Least(TimeSpan.FromMilliseconds(PollMilliseconds ?? 250), BeatPeriod)
        : TimeSpan.FromMilliseconds(PollMilliseconds ?? 1000);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

[OptionsValidator]
internal sealed partial class DirectoryOptionsValidator : IValidateOptions<DirectoryOptions>;
