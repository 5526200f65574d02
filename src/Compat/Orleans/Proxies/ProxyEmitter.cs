using System.Reflection;
using System.Reflection.Emit;
using Orleans.Compat.Calls;
using Orleans.Runtime;

namespace Orleans.Compat.Proxies;

/// <summary>Emits, for one grain interface, the proxy class and one call class per method.</summary>
/// <remarks>
/// Emitted code is straight-line and typed: no reflection, no boxing, no argument arrays. A method <c>Task&lt;R&gt; M(A a)</c> becomes
/// <c>if (TryEnter(shape, out turn)) { try { task = ((I)turn.Grain).M(a); } catch (Exception e) { task = Failed(e); } return Leave(shape, turn, task); }
/// return Send(new MCall(shape, this, a), token);</c>
/// </remarks>
internal static class ProxyEmitter
{
    private static readonly Lock Gate = new();
    private static readonly EmittedAssembly Target = new("AIOrleans.Compat.Proxies");
    private static int emitted;

    internal static Func<GrainReference> Emit(Type interfaceType)
    {
        if (!ProxyShape.IsGrainInterface(interfaceType))
        {
            throw new ArgumentException($"{interfaceType} is not a grain interface: it must extend IGrainWithStringKey or another of its kind.", nameof(interfaceType));
        }

        lock (Gate)
        {
            Target.OpenInternalsOf(typeof(GrainReference));
            Target.OpenInternalsOf(interfaceType);
            string prefix = $"{interfaceType.Name}_{emitted++}";
            TypeBuilder proxy = Target.Module.DefineType(prefix, TypeAttributes.Public | TypeAttributes.Sealed, typeof(GrainReference), [interfaceType]);
            EmitCreate(proxy);
            Dictionary<string, MethodShape> shapes = EmitMethods(proxy, interfaceType, prefix);
            return Finish(proxy, shapes);
        }
    }

    private static void EmitCreate(TypeBuilder proxy)
    {
        ConstructorBuilder constructor = proxy.DefineDefaultConstructor(MethodAttributes.Public);
        MethodBuilder create = proxy.DefineMethod(nameof(ProxyShape.Create), MethodAttributes.Public | MethodAttributes.Static, typeof(GrainReference), []);
        ILGenerator il = create.GetILGenerator();
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
    }

    private static Dictionary<string, MethodShape> EmitMethods(TypeBuilder proxy, Type interfaceType, string prefix)
    {
        Dictionary<string, MethodShape> shapes = new(StringComparer.Ordinal);
        foreach (MethodInfo method in ProxyShape.MethodsOf(interfaceType))
        {
            string name = $"m{shapes.Count}_{method.Name}";
            ProxyMethod plan = new(method, new MethodShape(interfaceType, method), proxy.DefineField(name, typeof(MethodShape), FieldAttributes.Public | FieldAttributes.Static));
            Target.OpenInternalsOf(method);
            ConstructorInfo call = CallEmitter.Emit(Target.Module, $"{prefix}_{name}", plan);
            ProxyMethodEmitter.Emit(proxy, plan, call);
            shapes.Add(name, plan.Shape);
        }

        return shapes;
    }

    private static Func<GrainReference> Finish(TypeBuilder proxy, Dictionary<string, MethodShape> shapes)
    {
        Type made = proxy.CreateType();
        foreach ((string name, MethodShape shape) in shapes)
        {
            // ! EmitMethods has defined it.
            made.GetField(name)!.SetValue(null, shape);
        }

        // ! EmitCreate has defined it.
        return made.GetMethod(nameof(ProxyShape.Create))!.CreateDelegate<Func<GrainReference>>();
    }
}
