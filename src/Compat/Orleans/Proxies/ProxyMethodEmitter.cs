using System.Reflection;
using System.Reflection.Emit;
using Orleans.Compat.Activations;
using Orleans.Runtime;

namespace Orleans.Compat.Proxies;

/// <summary>Emits one method of a proxy; see <see cref="ProxyEmitter"/> for what it looks like.</summary>
internal static class ProxyMethodEmitter
{
    private const MethodAttributes Override =
        MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot;

    internal static void Emit(TypeBuilder proxy, ProxyMethod plan, ConstructorInfo call)
    {
        MethodBuilder method = proxy.DefineMethod($"{plan.ShapeField.Name}_call", Override, plan.Method.ReturnType, plan.Parameters);
        proxy.DefineMethodOverride(method, plan.Method);
        ILGenerator il = method.GetILGenerator();
        if (!plan.Shape.Traits.HasFlag(Calls.CallTraits.OneWay))
        {
            EmitInline(il, plan);
        }

        EmitSend(il, plan, call);
    }

    private static void EmitInline(ILGenerator il, ProxyMethod plan)
    {
        Label send = il.DefineLabel();
        LocalBuilder turn = il.DeclareLocal(typeof(InlineTurn));
        LocalBuilder task = il.DeclareLocal(plan.Method.ReturnType);
        if (plan.TokenIndex >= 0)
        {
            // A call that can be cancelled needs an object to be cancelled by.
            il.Emit(OpCodes.Ldarga, plan.TokenIndex + 1);
            // ! A property of the framework.
            il.Emit(OpCodes.Call, typeof(CancellationToken).GetProperty(nameof(CancellationToken.CanBeCanceled))!.GetMethod!);
            il.Emit(OpCodes.Brtrue, send);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldsfld, plan.ShapeField);
        il.Emit(OpCodes.Ldloca, turn);
        il.Emit(OpCodes.Call, plan.Closed(typeof(GrainReference), nameof(GrainReference.TryEnter)));
        il.Emit(OpCodes.Brfalse, send);

        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldloca, turn);
        il.Emit(OpCodes.Call, plan.Closed(typeof(InlineTurn), "get_" + nameof(InlineTurn.Grain)));
        // ! Methods of interfaces have a declaring type.
        il.Emit(OpCodes.Castclass, plan.Method.DeclaringType!);
        EmitArguments(il, plan);
        il.Emit(OpCodes.Callvirt, plan.Method);
        il.Emit(OpCodes.Stloc, task);
        il.BeginCatchBlock(typeof(Exception));
        il.Emit(OpCodes.Call, plan.Closed(typeof(Outcomes), plan.FailedName));
        il.Emit(OpCodes.Stloc, task);
        il.EndExceptionBlock();

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldsfld, plan.ShapeField);
        il.Emit(OpCodes.Ldloca, turn);
        il.Emit(OpCodes.Ldloc, task);
        il.Emit(OpCodes.Call, plan.Closed(typeof(GrainReference), plan.LeaveName));
        il.Emit(OpCodes.Ret);
        il.MarkLabel(send);
    }

    private static void EmitSend(ILGenerator il, ProxyMethod plan, ConstructorInfo call)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldsfld, plan.ShapeField);
        il.Emit(OpCodes.Ldarg_0);
        EmitArguments(il, plan);
        il.Emit(OpCodes.Newobj, call);
        if (plan.TokenIndex >= 0)
        {
            il.Emit(OpCodes.Ldarg, plan.TokenIndex + 1);
        }
        else
        {
            LocalBuilder none = il.DeclareLocal(typeof(CancellationToken));
            il.Emit(OpCodes.Ldloc, none);
        }

        il.Emit(OpCodes.Call, plan.Closed(typeof(GrainReference), plan.ResultType is null ? nameof(GrainReference.SendVoid) : nameof(GrainReference.Send)));
        if (plan.IsVoid)
        {
            il.Emit(OpCodes.Pop);
        }
        else if (plan.IsValueTask)
        {
            // ! Both value tasks can be made of a task.
            il.Emit(OpCodes.Newobj, plan.Method.ReturnType.GetConstructor([plan.TaskType])!);
        }

        il.Emit(OpCodes.Ret);
    }

    private static void EmitArguments(ILGenerator il, ProxyMethod plan)
    {
        for (int index = 0; index < plan.Parameters.Length; index++)
        {
            il.Emit(OpCodes.Ldarg, index + 1);
        }
    }
}
