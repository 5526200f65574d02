using AIOrleans.Host.Silo;
using Microsoft.Extensions.Options;

namespace AIOrleans.Cluster.Tests.Silos;

/// <summary>What an operator is told about wrong settings; needs no database.</summary>
public sealed class SiloSetupTests
{
    private const string Valid = "Host=db;Database=aiorleans;Username=aiorleans";

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        string[] mistakes = MistakesOf(
            ("Cluster:ClusterId", " "), ("Cluster:SiloPort", "0"), ("Cluster:GatewayPort", "70000"), ("Cluster:AdvertisedIPAddress", "gateway-1"),
            ("Cluster:ResponseTimeoutSeconds", "0"), ("Cluster:FailureDetectionSeconds", "2"), ("Cluster:ConnectionsMax", "1"),
            ("Cluster:Role", "middle"));

        Assert.Equal(
            [
                "Cluster:ClusterId is ' '; it must be a name of 1 to 150 characters.",
                "Cluster:SiloPort is 0; it must be 1 to 65535.",
                "Cluster:GatewayPort is 70000; it must be 0 to 65535.",
                "Cluster:ResponseTimeoutSeconds is 0; it must be 1 to 300.",
                "Cluster:FailureDetectionSeconds is 2; it must be 3 to 120.",
                "Cluster:ConnectionsMax is 1; it must be 2 to 200.",
                "Cluster:Role is 'middle'; it must be 'all', 'front' or 'back'.",
                "Cluster:AdvertisedIPAddress is 'gateway-1'; it must be an IP address such as 10.0.0.7, not a host name.",
                "Storage:Provider is 'sqlite'; the Cluster edition needs 'postgresql', which all silos share.",
                "Storage:ConnectionString is missing; it must be one such as 'Host=db;Database=aiorleans;Username=aiorleans'.",
            ],
            mistakes);
    }

    [Fact]
    public void An_address_that_nobody_can_reach_is_refused()
    {
        string mistake = Assert.Single(MistakesOf(("Storage:Provider", "postgresql"), ("Storage:ConnectionString", Valid), ("Cluster:AdvertisedIPAddress", "0.0.0.0")));

        Assert.Equal("Cluster:AdvertisedIPAddress is '0.0.0.0', which no other silo can reach; name the address of this machine.", mistake);
    }

    [Fact]
    public void A_broken_connection_string_is_refused_without_showing_its_password()
    {
        string mistake = Assert.Single(MistakesOf(("Storage:Provider", "postgresql"), ("Storage:ConnectionString", "Host=db;Passwort=secret-1")));

        Assert.StartsWith("Storage:ConnectionString cannot be read: ", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void One_port_cannot_be_both()
    {
        string mistake = Assert.Single(MistakesOf(
            ("Storage:Provider", "postgresql"), ("Storage:ConnectionString", Valid), ("Cluster:SiloPort", "11111"), ("Cluster:GatewayPort", "11111")));

        Assert.Equal("Cluster:GatewayPort is 11111, the same as Cluster:SiloPort; each needs a port of its own.", mistake);
    }

    private static string[] MistakesOf(params (string Name, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
        return [.. Assert.Throws<OptionsValidationException>(() => builder.UseAIOrleansSilo()).Failures];
    }
}
