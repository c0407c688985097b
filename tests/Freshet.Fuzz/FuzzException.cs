using System.Diagnostics.CodeAnalysis;

namespace Freshet.Fuzz;

/// <summary>Something that must hold for every input does not hold for one.</summary>
internal sealed class FuzzException(string message) : Exception(message)
{
    /// <summary>Throws unless the condition holds.</summary>
    public static void Require([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds)
            throw new FuzzException(what);
    }
}
