using System.Reflection;
using System.Reflection.Emit;
using Orleans.Compat.Calls;
using Orleans.Runtime;

namespace Orleans.Compat.Proxies;

/// <summary>Emits the class that carries one method's arguments while its call waits.</summary>
internal static class CallEmitter
{
    internal static ConstructorInfo Emit(ModuleBuilder module, string name, ProxyMethod plan)
    {
        TypeBuilder call = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Sealed, plan.CallBase);
        FieldBuilder[] fields = [.. plan.Parameters.Select((type, index) => call.DefineField($"a{index}", type, FieldAttributes.Public))];
        EmitConstructor(call, plan, fields);
        EmitInvoke(call, plan, fields);
        EmitArguments(call, fields);
        // ! Emitted just now.
        return call.CreateType().GetConstructors()[0];
    }

    private static void EmitConstructor(TypeBuilder call, ProxyMethod plan, FieldBuilder[] fields)
    {
        Type[] first = [typeof(MethodShape), typeof(GrainReference)];
        ConstructorBuilder constructor = call.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [.. first, .. plan.Parameters]);
        ILGenerator il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        // ! Declared by both bases.
        il.Emit(OpCodes.Call, plan.CallBase.GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, first)!);
        for (int index = 0; index < fields.Length; index++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg, index + first.Length + 1);
            il.Emit(OpCodes.Stfld, fields[index]);
        }

        il.Emit(OpCodes.Ret);
    }

    private static void EmitInvoke(TypeBuilder call, ProxyMethod plan, FieldBuilder[] fields)
    {
        MethodBuilder invoke = call.DefineMethod(
            nameof(Call.Invoke), MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(Task), [typeof(object)]);
        ILGenerator il = invoke.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        // ! Methods of interfaces have a declaring type.
        il.Emit(OpCodes.Castclass, plan.Method.DeclaringType!);
        for (int index = 0; index < fields.Length; index++)
        {
            il.Emit(OpCodes.Ldarg_0);
            if (index == plan.TokenIndex)
            {
                il.Emit(OpCodes.Call, plan.Closed(typeof(Call), nameof(Call.GetCalleeToken)));
            }
            else
            {
                il.Emit(OpCodes.Ldfld, fields[index]);
            }
        }

        il.Emit(OpCodes.Callvirt, plan.Method);
        if (plan.IsVoid)
        {
            il.Emit(OpCodes.Call, plan.Closed(typeof(Outcomes), nameof(Outcomes.Done)));
        }
        else if (plan.IsValueTask)
        {
            il.Emit(OpCodes.Call, plan.Closed(typeof(Outcomes), plan.ResultType is null ? nameof(Outcomes.AsTaskVoid) : nameof(Outcomes.AsTask)));
        }

        il.Emit(OpCodes.Ret);
    }

    private static void EmitArguments(TypeBuilder call, FieldBuilder[] fields)
    {
        const MethodAttributes Override = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig;
        ILGenerator il = call.DefineMethod(nameof(Call.GetArgumentCount), Override, typeof(int), []).GetILGenerator();
        il.Emit(OpCodes.Ldc_I4, fields.Length);
        il.Emit(OpCodes.Ret);

        il = call.DefineMethod(nameof(Call.GetArgument), Override, typeof(object), [typeof(int)]).GetILGenerator();
        Label[] labels = [.. fields.Select(_ => il.DefineLabel())];
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Switch, labels);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ret);
        for (int index = 0; index < fields.Length; index++)
        {
            il.MarkLabel(labels[index]);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, fields[index]);
            il.Emit(OpCodes.Box, fields[index].FieldType);
            il.Emit(OpCodes.Ret);
        }
    }
}
