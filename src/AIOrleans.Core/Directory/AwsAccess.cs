namespace AIOrleans.Core.Directory;

/// <summary>Where and as whom AWS is called.</summary>
/// <param name="Region">The region whose servers are called, e.g. <c>eu-central-1</c>; what data residency compares with is <see cref="ProviderConfig.Region"/>.</param>
/// <param name="Credentials">What requests are signed with; null where an API key is used, or none.</param>
public sealed record AwsAccess(string Region, AwsCredentials? Credentials);

/// <summary>What requests to AWS are signed with.</summary>
/// <param name="SessionToken">Only for credentials that expire.</param>
public sealed record AwsCredentials(Secret AccessKeyId, Secret SecretAccessKey, Secret? SessionToken);
