using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Anything that calls can be sent to: a grain, or a reference to one.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>Marks an interface whose methods are calls to a grain. Every method returns a task.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain named by a GUID.</summary>
    public interface IGrainWithGuidKey : IGrain;

    /// <summary>A grain named by a number.</summary>
    public interface IGrainWithIntegerKey : IGrain;

    /// <summary>A grain named by text.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>A grain named by a GUID and text.</summary>
    public interface IGrainWithGuidCompoundKey : IGrain;

    /// <summary>A grain named by a number and text.</summary>
    public interface IGrainWithIntegerCompoundKey : IGrain;
}
