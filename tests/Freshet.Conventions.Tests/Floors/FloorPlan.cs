using System.Reflection;

namespace Freshet.Conventions.Tests.Floors;

/// <summary>The folders of an assembly, lowest floor first. A type may use its own folder and the floors below.</summary>
/// <param name="Root">The assembly's root namespace.</param>
/// <param name="Floors">The folders of each floor; "" is the root folder itself.</param>
/// <param name="Exceptions">
/// Types above or beside a folder that it uses nevertheless, as <c>Folder -> Type</c>. Each must be needed: remove those that are not.
/// </param>
/// <param name="Entwined">Inner folders that use their outer folder and are used by it. Each must be needed.</param>
internal sealed record FloorPlan(string Root, string[][] Floors, string[] Exceptions, string[] Entwined)
{
    /// <summary>Every use by one type of another beside or above it, except for the exceptions.</summary>
    public IEnumerable<string> Violations(Assembly assembly) =>
        UpwardUses(assembly)
            .Where(use => !Exceptions.Contains(ExceptionOf(use)))
            .Select(use => $"{NameOf(use.User)} -> {NameOf(use.Used)}")
            .Order(StringComparer.Ordinal);

    /// <summary>The exceptions that are no longer needed.</summary>
    public IEnumerable<string> NeedlessExceptions(Assembly assembly) => Exceptions.Except(UpwardUses(assembly).Select(ExceptionOf));

    /// <summary>The folders within one folder that use each other, directly or by way of others, apart from the folder itself.</summary>
    public IEnumerable<string> Circles(Assembly assembly)
    {
        ILookup<string, string> uses = UsesWithin(assembly).Where(use => IsInner(use.User) && IsInner(use.Used))
            .ToLookup(use => use.User, use => use.Used);
        return uses.Select(user => user.Key).Where(folder => ReachedFrom(folder, uses).Contains(folder)).Order(StringComparer.Ordinal);
    }

    /// <summary>The inner folders that use their outer folder and that their outer folder uses.</summary>
    public IEnumerable<string> Mutual(Assembly assembly)
    {
        HashSet<(string User, string Used)> uses = [.. UsesWithin(assembly)];
        return uses.Where(use => !IsInner(use.Used) && uses.Contains((use.Used, use.User)))
            .Select(use => use.User)
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The folders of the assembly that have no floor.</summary>
    public IEnumerable<string> Homeless(Assembly assembly) =>
        assembly.GetTypes().Where(IsOurs).Select(FolderOf).Distinct().Where(folder => FloorOf(folder) < 0);

    private IEnumerable<(Type User, Type Used)> UpwardUses(Assembly assembly) =>
        TypeUses.In(assembly).Where(use => IsOurs(use.User) && IsOurs(use.Used) && IsUpward(FolderOf(use.User), FolderOf(use.Used)));

    private string ExceptionOf((Type User, Type Used) use) => $"{FolderOf(use.User)} -> {NameOf(use.Used)}";

    private static bool IsInner(string folder) => folder.Contains('.', StringComparison.Ordinal);

    private IEnumerable<(string User, string Used)> UsesWithin(Assembly assembly) => TypeUses.In(assembly)
        .Where(use => IsOurs(use.User) && IsOurs(use.Used) && FolderOf(use.User) == FolderOf(use.Used))
        .Select(use => (PathOf(use.User), PathOf(use.Used)))
        .Where(use => use.Item1 != use.Item2)
        .Distinct();

    // The folders that a folder uses directly or by way of others.
    private static HashSet<string> ReachedFrom(string folder, ILookup<string, string> uses)
    {
        HashSet<string> reached = [];
        Stack<string> left = new(uses[folder]);
        while (left.TryPop(out string? next))
        {
            if (!reached.Add(next))
                continue;
            foreach (string used in uses[next])
                left.Push(used);
        }

        return reached;
    }

    private bool IsUpward(string user, string used) => user != used && FloorOf(used) >= FloorOf(user);

    // Types that the compiler makes for itself are in another namespace, or in none.
    private bool IsOurs(Type type) => type.Namespace == Root || type.Namespace?.StartsWith(Root + ".", StringComparison.Ordinal) == true;

    private string FolderOf(Type type) => PathOf(type).Split('.')[0];

    private string PathOf(Type type) => type.Namespace == Root ? "" : type.Namespace![(Root.Length + 1)..];

    private int FloorOf(string folder) => Array.FindIndex(Floors, floor => floor.Contains(folder));

    private string NameOf(Type type) => type.FullName![(Root.Length + 1)..];
}
