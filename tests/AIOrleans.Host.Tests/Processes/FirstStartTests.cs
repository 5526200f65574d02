using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace AIOrleans.Host.Tests.Processes;

/// <summary>What somebody sees who starts the gateway for the first time, with nothing prepared.</summary>
public sealed partial class FirstStartTests
{
    [UnixFact]
    public async Task The_printed_curl_line_works_as_pasted()
    {
        using var folder = new TempFolder();
        await using GatewayProcess gateway = await GatewayProcess.StartAsync("--data", folder.Data);

        string answer = await RunLineAsync((await gateway.LineAsync("curl ")).Trim());

        Assert.Contains("\"object\":\"chat.completion\"", answer, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task The_printed_admin_key_opens_the_management_api()
    {
        using var folder = new TempFolder();
        await using GatewayProcess gateway = await GatewayProcess.StartAsync("--data", folder.Data);

        string key = (await gateway.LineAsync("Admin key  ")).Split("Admin key  ")[1].Trim();
        gateway.Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        Assert.Empty(await gateway.EventsAsync());
    }

    [UnixFact]
    public async Task Keys_are_printed_once_and_work_ever_after()
    {
        using var folder = new TempFolder();
        string key;
        await using (GatewayProcess first = await GatewayProcess.StartAsync("--data", folder.Data))
        {
            key = (await first.LineAsync("API key  ")).Split("API key  ")[1].Trim();
            Assert.Equal(0, (await first.TerminateAsync()).ExitCode);
        }

        await using GatewayProcess second = await GatewayProcess.StartAsync("--data", folder.Data);
        second.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        Assert.Contains("sim-1", await second.Client.GetStringAsync("/v1/models"), StringComparison.Ordinal);
        Ending ending = await second.TerminateAsync();
        Assert.DoesNotContain(key, ending.Output, StringComparison.Ordinal);
        Assert.Contains(folder.Data, ending.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_is_given_and_nothing_is_started(string option)
    {
        Ending ending = await GatewayProcess.RunAsync(option);

        Assert.Equal(0, ending.ExitCode);
        Assert.Contains("--config", ending.Output, StringComparison.Ordinal);
        Assert.Contains("demo", ending.Output, StringComparison.Ordinal);
    }

    /// <summary>Through the shell, as pasted; where there is no curl, as curl would send it.</summary>
    private static async Task<string> RunLineAsync(string line)
    {
        if (File.Exists("/bin/bash") && File.Exists("/usr/bin/curl"))
        {
            var start = new ProcessStartInfo("/bin/bash", ["-c", line]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using Process shell = Process.Start(start)!; // ! Null only for a process that is used again.
            Task<string> ignored = shell.StandardError.ReadToEndAsync();
            string output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(Patience.Max);
            await ignored;
            return output;
        }

        Match words = CurlLine().Match(line);
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = AuthenticationHeaderValue.Parse(words.Groups["key"].Value) } };
        using var body = new StringContent(words.Groups["body"].Value, Encoding.UTF8, words.Groups["type"].Value);
        using HttpResponseMessage response = await http.PostAsync(words.Groups["url"].Value, body);
        return await response.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("^curl (?<url>\\S+) -H 'Authorization: (?<key>[^']+)' -H 'Content-Type: (?<type>[^']+)' -d '(?<body>[^']+)'$", RegexOptions.ExplicitCapture)]
    private static partial Regex CurlLine();
}
