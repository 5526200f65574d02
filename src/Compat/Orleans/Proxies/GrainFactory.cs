using Orleans.Compat.Activations;
using Orleans.Compat.Hosting;
using Orleans.Runtime;

namespace Orleans.Compat.Proxies;

/// <summary>Makes references to the grains of one silo.</summary>
internal sealed class GrainFactory : IClusterClient
{
    private readonly Silo silo;

    internal GrainFactory(Silo silo) => this.silo = silo;

    public IServiceProvider ServiceProvider => silo.Services;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        Reference<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        Reference<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        Reference<TGrainInterface>(TextKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey =>
        Reference<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey, keyExtension), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey =>
        Reference<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey, keyExtension), grainClassNamePrefix);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => Untyped(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => Untyped(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => Untyped(grainInterfaceType, TextKey(grainPrimaryKey));

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)Reference(typeof(TGrainInterface), silo.Classes.OfType(grainId.Type), grainId.Key);

    internal GrainReference Reference(Type interfaceType, GrainClass grainClass, IdSpan key)
    {
        GrainReference reference = ProxyShape.Of(interfaceType).Create();
        reference.Bind(grainClass, key);
        return reference;
    }

    /// <summary>A reference without an interface of its own, to say who is meant.</summary>
    internal GrainReference ReferenceTo(GrainId grainId)
    {
        GrainReference reference = new PlainReference();
        reference.Bind(silo.Classes.OfType(grainId.Type), grainId.Key);
        return reference;
    }

    private static IdSpan TextKey(string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return IdSpan.Create(key);
    }

    private TGrainInterface Reference<TGrainInterface>(IdSpan key, string? classPrefix) =>
        (TGrainInterface)(object)Reference(typeof(TGrainInterface), silo.Classes.Implementing(typeof(TGrainInterface), classPrefix), key);

    private IGrain Untyped(Type interfaceType, IdSpan key) => (IGrain)(object)Reference(interfaceType, silo.Classes.Implementing(interfaceType, null), key);
}

/// <summary>Names a grain and has no methods.</summary>
internal sealed class PlainReference : GrainReference, IGrain;
