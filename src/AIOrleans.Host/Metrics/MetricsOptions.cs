using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AIOrleans.Host.Metrics;

/// <summary>Who gets to read <c>/metrics</c> without a key.</summary>
public enum MetricsAccess
{
    /// <summary>Machines on loopback and private networks that ask directly; all others need an admin key.</summary>
    Private,

    /// <summary>Nobody: an admin key is needed.</summary>
    Admin,

    /// <summary>Everybody who can connect.</summary>
    Open,
}

/// <summary>What <c>/metrics</c> tells, and whom. Section <c>Metrics</c>.</summary>
public sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>Whether anything is gathered for <c>/metrics</c>. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Who reads without a key. Default <see cref="MetricsAccess.Private"/>.</summary>
    [EnumDataType(typeof(MetricsAccess))] public MetricsAccess Access { get; set; } = MetricsAccess.Private;

    /// <summary>Series of one metric; further ones are counted and not kept. Default 2000.</summary>
    [Range(1, 100_000)] public int SeriesMax { get; set; } = 2000;

    /// <summary>Further meters to show, by name, separated by commas: <c>Microsoft.Orleans,Npgsql</c>. Default none.</summary>
    public string ExtraMeters { get; set; } = "";
}

[OptionsValidator]
internal sealed partial class MetricsOptionsValidator : IValidateOptions<MetricsOptions>;
