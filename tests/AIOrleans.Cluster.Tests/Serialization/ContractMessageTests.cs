using System.Reflection;
using System.Text.Json;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Ledger;
using Orleans;
using Orleans.Serialization;

namespace AIOrleans.Cluster.Tests.Serialization;

/// <summary>Every message of the contracts, and every Core type within, through the serializer and the copier that Orleans generated for it.</summary>
public sealed class ContractMessageTests
{
    private static readonly JsonSerializerOptions Shown = new() { IncludeFields = true };

    private static readonly ServiceProvider Services = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(IAccountGrain).Assembly))
        .BuildServiceProvider();

    /// <summary>Messages by their mark, Core types by their converter.</summary>
    public static TheoryData<Type> Messages()
    {
        Type[] all = typeof(IAccountGrain).Assembly.GetTypes();
        IEnumerable<Type> marked = all.Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null && !type.Name.EndsWith("Surrogate", StringComparison.Ordinal));
        IEnumerable<Type> converted = all.SelectMany(type => type.GetInterfaces())
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConverter<,>))
            .Select(type => type.GetGenericArguments()[0]);
        return [.. marked.Concat(converted).Distinct().OrderBy(type => type.Name, StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_read_as_it_was_written(Type message)
    {
        foreach (bool withOptional in new[] { true, false })
        {
            object written = new Filler(withOptional).Make(message);

            Assert.Equal(Show(written), Show(Read(Write(written))));
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_copied_within_a_silo_as_it_is(Type message)
    {
        object written = new Filler(withOptional: true).Make(message);

        object? copy = Services.GetRequiredService<DeepCopier>().Copy(written);

        Assert.Equal(Show(written), Show(copy));
    }

    /// <summary>A renamed class or namespace is still the same message for an older silo.</summary>
    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_names_no_CLR_type_of_ours(Type message)
    {
        byte[] written = Write(new Filler(withOptional: true).Make(message), asObject: false);

        Assert.DoesNotContain("AIOrleans.", System.Text.Encoding.Latin1.GetString(written), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_that_the_compiler_made_are_written_all_the_same()
    {
        // [..] for an IReadOnlyList is a type of the compiler's own, which has no serializer.
        var attribution = new Attribution("acme.eng.k1", "gpt", "UTC", [new("department", "rnd"), new("project", "p1")]);

        Assert.Equal(Show(attribution), Show(Read(Write(attribution))));
    }

    [Fact]
    public void Every_message_is_tested() => Assert.True(Messages().Count > 25, $"Only {Messages().Count} messages were found.");

    private static string Show(object? value) => $"{value?.GetType().Name} {JsonSerializer.Serialize(value, Shown)}";

    private static byte[] Write(object value, bool asObject = true)
    {
        if (asObject)
        {
            return Services.GetRequiredService<Serializer>().SerializeToArray(value);
        }

        // As a call writes its arguments: the type is known to both sides.
        Type serializer = typeof(Serializer<>).MakeGenericType(value.GetType());
        MethodInfo write = serializer.GetMethod(nameof(Serializer.SerializeToArray), [value.GetType()]) ?? throw new MissingMethodException(serializer.Name);
        return (byte[])(write.Invoke(Services.GetRequiredService(serializer), [value]) ?? throw new InvalidOperationException("Nothing was written."));
    }

    private static object? Read(byte[] bytes) => Services.GetRequiredService<Serializer>().Deserialize<object>(bytes);
}
