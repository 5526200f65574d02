using System.Numerics;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <summary>A bucket as one would write it on a blackboard: exact fractions of any length.</summary>
internal sealed class ModelBucket
{
    // 600 000 parts are one micro-token: then one tick of one token per minute is 1000 parts.
    private static readonly BigInteger PartsPerMicro = 600_000;
    private static readonly BigInteger PartsPerToken = PartsPerMicro * 1_000_000;

    private BigInteger level;
    private DateTimeOffset at;

    public ModelBucket(long capacity, long perMinute, long? savedMicro, DateTimeOffset at)
    {
        this.at = at;
        Capacity = capacity;
        PerMinute = perMinute;
        level = savedMicro is { } saved ? BigInteger.Min(saved * PartsPerMicro, capacity * PartsPerToken) : capacity * PartsPerToken;
    }

    public long Capacity { get; private set; }

    public long PerMinute { get; private set; }

    public long LevelMicro => (long)BigInteger.Divide(level - (((level % PartsPerMicro) + PartsPerMicro) % PartsPerMicro), PartsPerMicro);

    public void Reach(DateTimeOffset now)
    {
        if (now > at)
        {
            level = BigInteger.Min(Capacity * PartsPerToken, level + ((now - at).Ticks * (BigInteger)PerMinute * 1000));
            at = now;
        }
    }

    public bool Fits(long tokens) => tokens * PartsPerToken <= level;

    /// <summary>Positive takes, negative gives back.</summary>
    public void Take(long tokens) => level = BigInteger.Min(Capacity * PartsPerToken, level - (tokens * PartsPerToken));

    public void Resize(long capacity, long perMinute)
    {
        Capacity = capacity;
        PerMinute = perMinute;
        level = BigInteger.Min(level, capacity * PartsPerToken);
    }

    public static ModelBucket? Follow(ModelBucket? bucket, long? burst, long? perMinute, DateTimeOffset now)
    {
        if (perMinute is not { } rate)
        {
            return null;
        }

        if (bucket is null)
        {
            return new ModelBucket(burst ?? rate, rate, null, now);
        }

        bucket.Reach(now);
        bucket.Resize(burst ?? rate, rate);
        return bucket;
    }

    public static ModelBucket? Load(long? burst, long? perMinute, long? savedMicro, BucketLevels? saved, DateTimeOffset now) =>
        perMinute is { } rate ? new ModelBucket(burst ?? rate, rate, savedMicro, savedMicro is null ? now : saved?.At ?? now) : null;
}
