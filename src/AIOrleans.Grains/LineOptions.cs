using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains;

/// <summary>The lines in which calls wait for room on an account. Section <c>Gateway:Queue</c>.</summary>
public sealed class LineOptions
{
    public const string Section = "Gateway:Queue";

    /// <summary>Calls that may wait at one account at a time. Default 100: each keeps a connection and its body.</summary>
    [Range(0, 10_000)] public int LengthMax { get; set; } = 100;
}

[OptionsValidator]
internal sealed partial class LineOptionsValidator : IValidateOptions<LineOptions>;
