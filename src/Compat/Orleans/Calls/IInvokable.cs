using System.Reflection;

namespace Orleans.Serialization.Invocation;

/// <summary>One call as filters and interleaving predicates see it.</summary>
public interface IInvokable
{
    int GetArgumentCount();

    object? GetArgument(int index);

    string GetMethodName();

    string GetInterfaceName();

    Type GetInterfaceType();

    MethodInfo GetMethod();

    TimeSpan? GetDefaultResponseTimeout();
}
