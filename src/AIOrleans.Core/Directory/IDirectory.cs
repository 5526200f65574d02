namespace AIOrleans.Core.Directory;

/// <summary>The directory as this process knows it: one immutable snapshot, swapped whole on every change.</summary>
public interface IDirectory
{
    /// <summary>The newest snapshot; reading it costs one memory read. Take it once per request.</summary>
    DirectorySnapshot Current { get; }
}
