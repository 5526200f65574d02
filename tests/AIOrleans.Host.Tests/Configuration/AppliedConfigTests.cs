using System.Collections.Concurrent;
using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Tests.Directory;
using AIOrleans.Host.Startup;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Host.Tests.Configuration;

/// <summary>A file is applied again exactly when that could change something.</summary>
public sealed class AppliedConfigTests : IDisposable
{
    private static readonly ConfigHash File1 = ConfigHash.Of("{ }"u8);

    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("aiorleans-test-").FullName;
    private readonly MemoryFacts facts = new();
    private readonly AppliedConfig applied;

    public AppliedConfigTests() => applied = new AppliedConfig(facts, new TestVault());

    public void Dispose() => System.IO.Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_same_file_is_in_force_until_any_record_is_changed()
    {
        Assert.False(await applied.IsInForceAsync(File1, 0, default));
        await applied.NoteAsync(File1, [], 7, default);

        Assert.True(await applied.IsInForceAsync(File1, 7, default));
        Assert.False(await applied.IsInForceAsync(File1, 8, default));
        Assert.False(await applied.IsInForceAsync(ConfigHash.Of("{  }"u8), 7, default));
    }

    [Fact]
    public async Task A_new_value_of_an_environment_variable_that_the_file_names_is_a_new_file()
    {
        string name = $"AIORLEANS_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, "one");
        await applied.NoteAsync(File1, [name, "HOME"], 7, default);
        Assert.True(await applied.IsInForceAsync(File1, 7, default));

        Environment.SetEnvironmentVariable(name, "two");
        Assert.False(await applied.IsInForceAsync(File1, 7, default));

        Environment.SetEnvironmentVariable(name, null);
        Assert.False(await applied.IsInForceAsync(File1, 7, default));
        Assert.DoesNotContain("one", facts.Values.Single().Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("of another version")]
    public async Task A_note_that_cannot_be_read_counts_as_none(string note)
    {
        await applied.NoteAsync(File1, [], 7, default);
        facts.Values[facts.Values.Single().Key] = note;

        Assert.False(await applied.IsInForceAsync(File1, 7, default));
    }

    [Fact]
    public async Task A_start_with_the_same_file_writes_nothing_and_takes_back_what_the_api_changed()
    {
        string config = TestConfig.Json(new Uri("http://127.0.0.1:9/v1"));
        long first = await ServeAsync(config, directory => Task.FromResult(directory.Current.Revision));

        long changed = await ServeAsync(config, async directory =>
        {
            Assert.Equal(first, directory.Current.Revision);
            Assert.Equal(42, await ChangeAsync(directory, 42));
            return directory.Current.Revision;
        });

        Assert.Equal(first + 1, changed);
        Assert.Null(await ServeAsync(config, directory => Task.FromResult(directory.Current.Tenants["acme"].Limits.Concurrent)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_may_be_in_utf_16_or_have_a_mark(bool isWide)
    {
        Encoding encoding = isWide ? Encoding.Unicode : new UTF8Encoding(encoderShouldEmitUTF8Identifier: true);

        Assert.True(await ServeAsync(TestConfig.Json(new Uri("http://127.0.0.1:9/v1")), directory => Task.FromResult(directory.Current.Tenants.ContainsKey("acme")), encoding));
    }

    private static async Task<int?> ChangeAsync(LiveDirectory directory, int concurrent)
    {
        TenantConfig tenant = directory.Current.Tenants["acme"];
        await directory.WriteAsync([DirectoryJson.Write(tenant with { Limits = new LimitsConfig { Concurrent = concurrent } }, new TestVault())], null, default);
        return directory.Current.Tenants["acme"].Limits.Concurrent;
    }

    private async Task<T> ServeAsync<T>(string config, Func<LiveDirectory, Task<T>> ask, Encoding? encoding = null)
    {
        string path = Path.Combine(folder, "config.jsonc");
        await File.WriteAllTextAsync(path, config, encoding ?? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await using WebApplication app = GatewayApp.Build(["--config", path, "--data", folder, "--urls", "http://127.0.0.1:0"]);
        await GatewayApp.StartAsync(app, CancellationToken.None);
        T answer = await ask(app.Services.GetRequiredService<LiveDirectory>());
        await app.StopAsync();
        return answer;
    }

    private sealed class MemoryFacts : IFactStore
    {
        public ConcurrentDictionary<string, string> Values { get; } = new();

        public Task<string?> ReadAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Values.GetValueOrDefault(name));

        public Task WriteAsync(string name, string value, CancellationToken cancellationToken)
        {
            Values[name] = value;
            return Task.CompletedTask;
        }
    }
}
