using AIOrleans.Core.Usage;

namespace AIOrleans.Testing;

/// <summary>A line of a provider's invoice: one call of a model, as the provider itself knows it.</summary>
public sealed class BilledCall(string model, string path, ModelFault fault)
{
    /// <summary>As the request named it, without the fault.</summary>
    public string Model => model;

    public string Path => path;

    public ModelFault Fault => fault;

    /// <summary>What the answer costs in tokens; nothing when it was refused.</summary>
    public TokenUsage Usage { get; internal set; }

    /// <summary>True when the usage was sent, so that the caller can know it.</summary>
    public bool UsageTold { get; internal set; }

    /// <summary>The HTTP status that was sent.</summary>
    public int Status { get; private set; }

    public CallEnd End { get; internal set; }

    /// <summary>True when the caller closed the connection before the answer ended.</summary>
    public bool HungUp { get; private set; }

    internal void Close(int status, bool hungUp)
    {
        Status = status;
        HungUp = hungUp && End is not (CallEnd.Whole or CallEnd.Broken);
        End = End != CallEnd.Open ? End : hungUp ? CallEnd.Broken : CallEnd.Refused;
    }
}

/// <summary>How a provider ended a call.</summary>
public enum CallEnd
{
    /// <summary>Still at it.</summary>
    Open,

    /// <summary>An error, and nothing to bill.</summary>
    Refused,

    /// <summary>Everything was sent.</summary>
    Whole,

    /// <summary>The answer had begun, or was to begin, and broke off.</summary>
    Broken,
}
