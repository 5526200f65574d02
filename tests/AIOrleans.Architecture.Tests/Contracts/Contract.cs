using System.Reflection;

namespace AIOrleans.Architecture.Tests.Contracts;

/// <summary>One member of a message with its number on the wire.</summary>
internal sealed record WireMember(int Id, string Name, string Type);

/// <summary>One type that crosses a process boundary: what of it other silos, older and newer, rely on.</summary>
/// <param name="Kind"><c>grain</c>, <c>message</c>, <c>enum</c> or <c>constants</c>.</param>
/// <param name="Lines">Methods of a grain, values of an enum.</param>
/// <param name="Members">Of a message, by id.</param>
/// <param name="Faults">What makes it unfit for the wire, as sentences.</param>
internal sealed record Contract(
    string Kind, string Name, string? Alias, IReadOnlyList<string> Lines, IReadOnlyList<WireMember> Members, IReadOnlyList<string> Faults)
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>Every contract of <paramref name="types"/> and the enums that they carry, by kind and name.</summary>
    public static IReadOnlyList<Contract> Of(IEnumerable<Type> types)
    {
        Type[] all = [.. types.Where(type => !type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)))];
        Type[] messages = [.. all.Where(type => Mark(type, "GenerateSerializer") is not null)];
        List<Contract> contracts = [.. all.Where(IsGrain).Select(OfGrain), .. messages.Select(OfMessage)];
        contracts.AddRange(all.Where(type => type is { IsAbstract: true, IsSealed: true }).Select(OfConstants).Where(contract => contract.Lines.Count > 0));
        contracts.AddRange(messages.SelectMany(WireMembers).Select(TypeOf).SelectMany(Parts).Where(type => type.IsEnum).Distinct().Select(OfEnum));
        return [.. contracts.OrderBy(contract => Array.IndexOf(Order, contract.Kind)).ThenBy(contract => contract.Name, StringComparer.Ordinal)];
    }

    /// <summary>The contract as lines of the reviewed file.</summary>
    public IEnumerable<string> Write()
    {
        yield return Alias is null ? $"{Kind} {Name}" : $"{Kind} {Name} = {Alias}";
        foreach (string line in Lines.Concat(Members.Select(member => $"{member.Id} {member.Name}: {member.Type}")))
        {
            yield return "  " + line;
        }
    }

    /// <summary>Our own types that <paramref name="types"/> carry and no serializer knows: genuine Orleans would throw at the first call.</summary>
    public static IEnumerable<string> Unserialisable(IReadOnlyCollection<Type> types)
    {
        HashSet<Type> converted = [.. types.SelectMany(type => type.GetInterfaces()).Where(parent => parent.Name == "IConverter`2")
            .Select(parent => parent.GetGenericArguments()[0])];
        IEnumerable<(string From, Type Type)> carried = types.Where(type => Mark(type, "GenerateSerializer") is not null)
            .SelectMany(type => WireMembers(type).Select(member => ($"{type.Name}.{member.Name}", TypeOf(member))))
            .Concat(types.Where(IsGrain).SelectMany(type => type.GetMethods(Declared).SelectMany(method =>
                method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)
                    .Select(part => ($"{type.Name}.{method.Name}", part)))));
        return from entry in carried
               from part in Parts(entry.Type)
               where part.Namespace?.StartsWith("AIOrleans.", StringComparison.Ordinal) == true && !part.IsEnum && !converted.Contains(part)
               where Mark(part, "GenerateSerializer") is null
               select $"{entry.From} carries {TypeName.Of(part)}, which has neither [GenerateSerializer] nor a surrogate";
    }

    private static readonly string[] Order = ["grain", "message", "enum", "constants"];

    private static bool IsGrain(Type type) => type.IsInterface && type.GetInterfaces().Any(parent => parent.Name == "IGrain");

    private static Contract OfGrain(Type type)
    {
        MethodInfo[] methods = [.. type.GetMethods(Declared).OrderBy(method => AliasOf(method) ?? method.Name, StringComparer.Ordinal)];
        string[] lines =
        [
            "key " + type.GetInterfaces().Select(parent => parent.Name)
                .First(name => name.StartsWith("IGrainWith", StringComparison.Ordinal))["IGrainWith".Length..],
            .. methods.Select(SignatureOf),
        ];
        string[] faults =
        [
            .. AliasOf(type) is null ? [$"{type.Name} has no [Alias]: its name on the wire would change with the type"] : Array.Empty<string>(),
            .. methods.Where(method => AliasOf(method) is null).Select(method => $"{type.Name}.{method.Name} has no [Alias]"),
            .. Twice(methods.Select(AliasOf).OfType<string>()).Select(alias => $"{type.Name}: alias '{alias}' comes twice"),
            .. methods.Where(method => !method.Name.EndsWith("Async", StringComparison.Ordinal))
                .Select(method => $"{type.Name}.{method.Name} does not end in Async"),
        ];
        return new Contract("grain", TypeName.Of(type), AliasOf(type), lines, [], faults);
    }

    private static string SignatureOf(MethodInfo method)
    {
        string parameters = string.Join(", ", method.GetParameters().Select(parameter => TypeName.Of(parameter.ParameterType)));
        return $"{AliasOf(method) ?? method.Name}({parameters}) -> {TypeName.Of(method.ReturnType)}";
    }

    private static Contract OfMessage(Type type)
    {
        MemberInfo[] members = [.. WireMembers(type)];
        WireMember[] wire = [.. members.Select(member => new WireMember(IdOf(member) ?? -1, member.Name, TypeName.Of(TypeOf(member))))
            .OrderBy(member => member.Id)];
        string[] faults =
        [
            .. AliasOf(type) is null ? [$"{type.Name} has no [Alias]: its name on the wire would change with the type"] : Array.Empty<string>(),
            .. type is { IsClass: true, IsSealed: false, IsAbstract: false } ? [$"{type.Name} is not sealed"] : Array.Empty<string>(),
            .. wire.Where(member => member.Id < 0).Select(member => $"{type.Name}.{member.Name} has no [Id]: it would be lost on the way"),
            .. Twice(wire.Where(member => member.Id >= 0).Select(member => member.Id)).Select(id => $"{type.Name}: id {id} comes twice"),
        ];
        return new Contract("message", TypeName.Of(type), AliasOf(type), [], wire, faults);
    }

    private static Contract OfEnum(Type type)
    {
        string[] lines = [.. Enum.GetValues(type).Cast<object>()
            .Select(value => $"{Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)} {value}")];
        return new Contract("enum", TypeName.Of(type), null, lines, [], []);
    }

    private static Contract OfConstants(Type type)
    {
        string[] lines = [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => $"{field.Name} = {field.GetRawConstantValue()}")];
        return new Contract("constants", TypeName.Of(type), null, lines, [], []);
    }

    /// <summary>Everything that holds state: marked members, and unmarked ones that a writer forgot to mark.</summary>
    private static IEnumerable<MemberInfo> WireMembers(Type type) =>
        type.GetMembers(Declared).Where(member => member switch
        {
            PropertyInfo property => IdOf(property) is not null || (property.GetMethod?.IsPublic == true && property.SetMethod is not null),
            FieldInfo field => IdOf(field) is not null || field.IsPublic,
            _ => false,
        });

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsArray ? Parts(type.GetElementType()!) // ! An array has one.
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts)
        : [type];

    private static Type TypeOf(MemberInfo member) => member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static string? AliasOf(MemberInfo member) => Mark(member, "Alias")?.ConstructorArguments[0].Value as string;

    private static int? IdOf(MemberInfo member) =>
        Mark(member, "Id")?.ConstructorArguments[0].Value is { } id ? Convert.ToInt32(id, System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>By name, so that it is the same for the stand-in and the genuine attributes.</summary>
    private static CustomAttributeData? Mark(MemberInfo member, string name) =>
        member.GetCustomAttributesData().FirstOrDefault(mark => mark.AttributeType.Name == name + "Attribute");

    private static IEnumerable<T> Twice<T>(IEnumerable<T> values) =>
        values.GroupBy(value => value).Where(group => group.Count() > 1).Select(group => group.Key);
}
