using System.Reflection;
using System.Reflection.Emit;

// The runtime looks for this attribute by its name, wherever it is defined, and lets the emitted assembly see the named one's internals.
namespace System.Runtime.CompilerServices
{
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute : Attribute
    {
        public IgnoresAccessChecksToAttribute(string assemblyName) => AssemblyName = assemblyName;

        public string AssemblyName { get; }
    }
}

namespace Orleans.Compat.Proxies
{
    /// <summary>Where proxies are emitted to. It may see internal types, because grain interfaces may be internal.</summary>
    internal sealed class EmittedAssembly
    {
        private static readonly ConstructorInfo IgnoresAccessChecksTo =
            // ! Defined above.
            typeof(System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;

        private readonly HashSet<string> opened = new(StringComparer.Ordinal);
        private readonly AssemblyBuilder assembly;

        internal EmittedAssembly(string name)
        {
            assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.Run);
            Module = assembly.DefineDynamicModule(name);
        }

        internal ModuleBuilder Module { get; }

        /// <summary>Opens the assemblies of every type in the method's signature.</summary>
        internal void OpenInternalsOf(MethodInfo method)
        {
            OpenInternalsOf(method.ReturnType);
            foreach (ParameterInfo parameter in method.GetParameters())
            {
                OpenInternalsOf(parameter.ParameterType);
            }
        }

        internal void OpenInternalsOf(Type type)
        {
            foreach (Type argument in type.GetGenericArguments())
            {
                OpenInternalsOf(argument);
            }

            string? name = type.Assembly.GetName().Name;
            if (name is not null && !type.IsVisible && opened.Add(name))
            {
                assembly.SetCustomAttribute(new CustomAttributeBuilder(IgnoresAccessChecksTo, [name]));
            }
            else if (name is not null && type.Assembly == typeof(EmittedAssembly).Assembly && opened.Add(name))
            {
                // Proxies derive from internal classes of this assembly, whatever the grain interface is.
                assembly.SetCustomAttribute(new CustomAttributeBuilder(IgnoresAccessChecksTo, [name]));
            }
        }
    }
}
