using System.Text.Json;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>The properties <c>awsRegion</c>, <c>accessKeyId</c>, <c>secretAccessKey</c> and <c>sessionToken</c> of a provider.</summary>
internal static class ProviderAwsJson
{
    /// <summary>Longest name of a region in characters: <c>us-isob-east-1</c> has 14.</summary>
    private const int RegionCharsMax = 32;

    private static readonly string[] Properties = ["awsRegion", "accessKeyId", "secretAccessKey", "sessionToken"];

    /// <summary>Reads them; what does not go with the kind, or with each other, is reported.</summary>
    /// <param name="kind">Null when it was reported: then nothing is said that depends on it.</param>
    /// <param name="open">Reads the text of a credential, which is a secret or refers to one here, and is sealed there.</param>
    public static AwsAccess? Read(ObjectReader reader, string? kind, SecretOpener open)
    {
        string? region = ReadRegion(reader);
        Secret? id = ReadSecret(reader.Text("accessKeyId"), reader.PathOf("accessKeyId"));
        Secret? key = ReadSecret(reader.Text("secretAccessKey"), reader.PathOf("secretAccessKey"));
        Secret? token = ReadSecret(reader.Text("sessionToken"), reader.PathOf("sessionToken"));
        Secret? ReadSecret(string? text, string path) => text is null ? null : open(text, path, reader.Mistakes);

        if (kind is not ProviderKinds.Bedrock)
        {
            foreach (string name in Properties.Where(name => kind is not null && reader.Find(name) is not null))
            {
                reader.Report(name, $"needs \"kind\": \"{ProviderKinds.Bedrock}\".");
            }

            return null;
        }

        if (reader.Find("awsRegion") is null)
        {
            reader.Report("awsRegion", "is missing: name the region whose models are called, such as eu-central-1.");
        }

        CheckCredentials(reader);
        return new AwsAccess(region ?? Names.Unknown, id is not null && key is not null ? new AwsCredentials(id, key, token) : null);
    }

    /// <param name="seal">Gives the text that stands for a secret.</param>
    public static void Write(Utf8JsonWriter writer, AwsAccess? aws, Func<Secret, string> seal)
    {
        if (aws is null)
        {
            return;
        }

        writer.WriteString("awsRegion", aws.Region);
        if (aws.Credentials is { } credentials)
        {
            writer.WriteString("accessKeyId", seal(credentials.AccessKeyId));
            writer.WriteString("secretAccessKey", seal(credentials.SecretAccessKey));
            OptionalText.Write(writer, "sessionToken", credentials.SessionToken is { } token ? seal(token) : null);
        }
    }

    /// <summary>Either an API key, or both halves of an access key, of which a session may be a third.</summary>
    private static void CheckCredentials(ObjectReader reader)
    {
        string apiKey = reader.Find("apiKeys") is null ? "apiKey" : "apiKeys";
        bool hasApiKey = reader.Find(apiKey) is not null;
        bool hasId = reader.Find("accessKeyId") is not null;
        bool hasKey = reader.Find("secretAccessKey") is not null;
        if (hasApiKey && (hasId || hasKey))
        {
            reader.Report(apiKey, "must be left out beside accessKeyId and secretAccessKey: calls are made with one or the other.");
        }
        else if (hasId != hasKey)
        {
            reader.Report(hasId ? "secretAccessKey" : "accessKeyId", "is missing: accessKeyId and secretAccessKey go together.");
        }
        else if (!hasApiKey && !hasId)
        {
            reader.Report("accessKeyId", "is missing: Bedrock takes no calls without accessKeyId and secretAccessKey, or apiKey.");
        }

        if (reader.Find("sessionToken") is not null && !hasId)
        {
            reader.Report("sessionToken", "needs accessKeyId and secretAccessKey.");
        }
    }

    // It becomes a part of a host's name.
    private static string? ReadRegion(ObjectReader reader)
    {
        if (reader.Text("awsRegion") is not { } region)
        {
            return null;
        }

        if (region.Length is > 0 and <= RegionCharsMax && region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && region[0] != '-' && region[^1] != '-')
        {
            return region;
        }

        reader.Report("awsRegion", "must be a region of AWS such as eu-central-1.");
        return null;
    }
}
