using System.Text.Json;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>The properties <c>baseUrl</c> and <c>apiVersion</c> of a provider.</summary>
internal static class ProviderAddressJson
{
    /// <summary>Longest API version: a day and a word.</summary>
    private const int VersionCharsMax = 32;

    private const string AzureExample = "https://my-resource.openai.azure.com/openai/v1";

    /// <summary>Reads both; what does not go with the kind is reported.</summary>
    /// <param name="kind">Null when it was reported: then nothing is said that depends on it.</param>
    public static (Uri? BaseUrl, string? ApiVersion) Read(ObjectReader reader, string? kind)
    {
        Uri? baseUrl = ReadBaseUrl(reader);
        string? apiVersion = ReadVersion(reader);
        bool isGiven = reader.Find("baseUrl") is not null;
        switch (kind)
        {
            case ProviderKinds.Simulated when isGiven:
                reader.Report("baseUrl", "must be left out: the simulated provider has no address.");
                break;
            case ProviderKinds.AzureOpenAi when !isGiven:
                reader.Report("baseUrl", $"is missing: name the resource, such as {AzureExample}.");
                break;
            case ProviderKinds.AzureOpenAi when baseUrl is not null:
                CheckAzure(reader, baseUrl);
                break;
            case not null when baseUrl is not null && ProviderKinds.HomeOf(kind) is { } home && home.Host == baseUrl.Host && baseUrl.AbsolutePath == "/":
                reader.Report("baseUrl", $"must end in the version of the API: {home}.");
                break;
        }

        if (kind is not (null or ProviderKinds.AzureOpenAi) && reader.Find("apiVersion") is not null)
        {
            reader.Report("apiVersion", $"needs \"kind\": \"{ProviderKinds.AzureOpenAi}\".");
        }

        return (baseUrl, apiVersion);
    }

    public static void Write(Utf8JsonWriter writer, ProviderConfig provider)
    {
        OptionalText.Write(writer, "baseUrl", provider.BaseUrl?.OriginalString);
        OptionalText.Write(writer, "apiVersion", provider.ApiVersion);
    }

    // The value is never shown: an address may carry a password.
    private static Uri? ReadBaseUrl(ObjectReader reader)
    {
        if (reader.Text("baseUrl") is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            reader.Report("baseUrl", "must be an absolute address with http:// or https://, such as https://api.openai.com/v1.");
        }
        else if (url.UserInfo.Length > 0)
        {
            reader.Report("baseUrl", "must not carry a user or password; put the credential into apiKey.");
        }
        else if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            reader.Report("baseUrl", "must end before '?' and '#': paths are appended to it.");
        }
        else
        {
            return url;
        }

        return null;
    }

    private static void CheckAzure(ObjectReader reader, Uri baseUrl)
    {
        if (baseUrl.AbsolutePath.Contains("/deployments", StringComparison.OrdinalIgnoreCase))
        {
            reader.Report("baseUrl", "must end before /openai/deployments: a route's model is the deployment, and is put into the address.");
        }
        else if (!ProviderKinds.IsAzureV1(baseUrl) && reader.Find("apiVersion") is null)
        {
            reader.Report("apiVersion", "is missing: addresses by deployment need one, such as 2024-10-21. Or let baseUrl end in /openai/v1, which needs none.");
        }
    }

    private static string? ReadVersion(ObjectReader reader)
    {
        if (reader.Text("apiVersion") is not { } version)
        {
            return null;
        }

        if (version.Length is > 0 and <= VersionCharsMax && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
        {
            return version;
        }

        reader.Report("apiVersion", "must be a version such as 2024-10-21, 2025-04-01-preview or preview.");
        return null;
    }
}
