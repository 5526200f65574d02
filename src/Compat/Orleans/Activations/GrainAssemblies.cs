using System.Reflection;

namespace Orleans.Compat.Activations;

/// <summary>Finds grain classes: in the engine itself, in the loaded assemblies that reference it, and in those that the loaded ones reference.</summary>
internal static class GrainAssemblies
{
    /// <summary>Assemblies that certainly hold no grains, by the first part of their names; loading them to look would only cost time.</summary>
    private static readonly HashSet<string> Foreign = new(StringComparer.Ordinal)
    {
        "System", "Microsoft", "netstandard", "mscorlib", "WindowsBase", "Dapper", "Npgsql", "SQLitePCLRaw", "Spectre", "Newtonsoft", "xunit", "testhost", "OpenAI",
    };

    private static readonly Lazy<IReadOnlyList<GrainClassShape>> Found = new(Find);

    /// <summary>Looked up once per process.</summary>
    internal static IReadOnlyList<GrainClassShape> ClassShapes => Found.Value;

    private static List<GrainClassShape> Find()
    {
        string engine = NameOf(typeof(GrainAssemblies).Assembly);
        Dictionary<string, Assembly> seen = new(StringComparer.Ordinal);
        Queue<Assembly> open = new();
        foreach (Assembly loaded in AppDomain.CurrentDomain.GetAssemblies())
        {
            Visit(loaded);
        }

        List<GrainClassShape> shapes = [];
        while (open.TryDequeue(out Assembly? assembly))
        {
            AssemblyName[] references = assembly.GetReferencedAssemblies();
            if (NameOf(assembly) == engine || references.Any(reference => reference.Name == engine))
            {
                shapes.AddRange(assembly.GetTypes().Where(GrainClassShape.IsGrainClass).Select(static type => new GrainClassShape(type)));
            }

            foreach (AssemblyName reference in references.Where(reference => !IsForeign(reference.Name) && !seen.ContainsKey(reference.Name ?? "")))
            {
                if (TryLoad(reference) is { } loaded)
                {
                    Visit(loaded);
                }
            }
        }

        return shapes;

        void Visit(Assembly assembly)
        {
            if (!assembly.IsDynamic && !IsForeign(NameOf(assembly)) && seen.TryAdd(NameOf(assembly), assembly))
            {
                open.Enqueue(assembly);
            }
        }
    }

    /// <summary>Null when the file is not there: a reference that nothing uses at run time.</summary>
    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsForeign(string? name) => name is null || Foreign.Contains(name.Split('.')[0]);

    private static string NameOf(Assembly assembly) => assembly.GetName().Name ?? "";
}
