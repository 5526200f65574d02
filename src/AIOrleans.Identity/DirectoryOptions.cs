using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity;

/// <summary>How this process follows the directory.</summary>
public sealed class DirectoryOptions
{
    /// <summary>Wait between two looks for changes of other processes, in milliseconds. Default 1000.</summary>
    [Range(50, 60_000)] public int PollMilliseconds { get; set; } = 1000;
}

[OptionsValidator]
internal sealed partial class DirectoryOptionsValidator : IValidateOptions<DirectoryOptions>;
