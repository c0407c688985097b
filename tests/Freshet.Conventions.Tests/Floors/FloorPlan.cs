using System.Reflection;

namespace Freshet.Conventions.Tests.Floors;

/// <summary>The folders of an assembly, lowest floor first. A type may use its own folder and the floors below.</summary>
/// <param name="Root">The assembly's root namespace.</param>
/// <param name="Floors">The folders of each floor; "" is the root folder itself.</param>
/// <param name="Exceptions">Folders that still break the rule, as <c>User -> Used</c>. Each must be needed: take out what is not.</param>
internal sealed record FloorPlan(string Root, string[][] Floors, string[] Exceptions)
{
    /// <summary>Every use by one type of another beside or above it, but for the exceptions.</summary>
    public IEnumerable<string> Violations(Assembly assembly) =>
        UpwardUses(assembly)
            .Where(use => !Exceptions.Contains(FoldersOf(use)))
            .Select(use => $"{NameOf(use.User)} -> {NameOf(use.Used)}")
            .Order(StringComparer.Ordinal);

    /// <summary>The exceptions that nothing needs any more.</summary>
    public IEnumerable<string> NeedlessExceptions(Assembly assembly) => Exceptions.Except(UpwardUses(assembly).Select(FoldersOf));

    /// <summary>The folders of the assembly that have no floor.</summary>
    public IEnumerable<string> Homeless(Assembly assembly) =>
        assembly.GetTypes().Where(IsOurs).Select(FolderOf).Distinct().Where(folder => FloorOf(folder) < 0);

    private IEnumerable<(Type User, Type Used)> UpwardUses(Assembly assembly) =>
        TypeUses.In(assembly).Where(use => IsOurs(use.User) && IsOurs(use.Used) && IsUpward(FolderOf(use.User), FolderOf(use.Used)));

    private string FoldersOf((Type User, Type Used) use) => $"{FolderOf(use.User)} -> {FolderOf(use.Used)}";

    private bool IsUpward(string user, string used) => user != used && FloorOf(used) >= FloorOf(user);

    // What the compiler makes for itself has another namespace, or none.
    private bool IsOurs(Type type) => type.Namespace == Root || type.Namespace?.StartsWith(Root + ".", StringComparison.Ordinal) == true;

    private string FolderOf(Type type) => type.Namespace == Root ? "" : type.Namespace![(Root.Length + 1)..].Split('.')[0];

    private int FloorOf(string folder) => Array.FindIndex(Floors, floor => floor.Contains(folder));

    private string NameOf(Type type) => type.FullName![(Root.Length + 1)..];
}
