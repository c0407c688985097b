using System.Reflection;

namespace Freshet.Conventions.Tests.Floors;

/// <summary>
/// Which types the types of an assembly use: as base, interface, member, parameter, local variable, or in an instruction. Constants are
/// not seen, since the compiler copies their values.
/// </summary>
internal static class TypeUses
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The pairs of <see cref="Of"/> in which both types are in the assembly.</summary>
    public static IEnumerable<(Type User, Type Used)> In(Assembly assembly) => Of(assembly).Where(pair => pair.Used.Assembly == assembly);

    /// <summary>
    /// Returns every pair of a type of the assembly and a type that it uses, there or elsewhere, both as they stand in the source, not
    /// counting the types that they are nested in.
    /// </summary>
    public static IEnumerable<(Type User, Type Used)> Of(Assembly assembly)
    {
        HashSet<(Type User, Type Used)> pairs = [];
        foreach (Type user in assembly.GetTypes())
        {
            foreach (Type used in UsedBy(user).SelectMany(PartsOf))
                pairs.Add((OutermostOf(user), OutermostOf(used)));
        }

        return pairs.Where(static pair => pair.User != pair.Used);
    }

    private static IEnumerable<Type> UsedBy(Type type)
    {
        IEnumerable<Type> declared = type.GetInterfaces()
            .Concat(type.BaseType is { } parent ? [parent] : [])
            .Concat(type.GetFields(All).Select(static field => field.FieldType))
            .Concat(type.GetCustomAttributesData().Select(static attribute => attribute.AttributeType));
        IEnumerable<MethodBase> methods = type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All));
        return declared.Concat(methods.SelectMany(UsedBy));
    }

    private static IEnumerable<Type> UsedBy(MethodBase method)
    {
        foreach (ParameterInfo parameter in method.GetParameters())
            yield return parameter.ParameterType;
        if (method is MethodInfo { ReturnType: var returned })
            yield return returned;
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (LocalVariableInfo local in body.LocalVariables)
            yield return local.LocalType;
        Type[] ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [];
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        foreach (int token in IlReader.TokensOf(body.GetILAsByteArray()!))
        {
            MemberInfo member = method.Module.ResolveMember(token, ofType, ofMethod)!;
            yield return member as Type ?? member.DeclaringType ?? typeof(void);
            if (member is MethodInfo { IsGenericMethod: true } generic)
            {
                foreach (Type argument in generic.GetGenericArguments())
                    yield return argument;
            }
        }
    }

    // A list of pieces uses pieces, and so does an array of them.
    private static IEnumerable<Type> PartsOf(Type type)
    {
        if (type.GetElementType() is { } element)
            return PartsOf(element);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(PartsOf).Append(type.GetGenericTypeDefinition()) : [type];
    }

    private static Type OutermostOf(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }
}
