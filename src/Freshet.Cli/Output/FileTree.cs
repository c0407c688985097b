using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Cli.Output;

/// <summary>Prints files as a tree of folders, each folder once. Not recursive, since a torrent's paths may be arbitrarily deep.</summary>
internal static class FileTree
{
    public static void Write(TextWriter output, ImmutableArray<TorrentFile> files)
    {
        Node root = new("", null);
        int padding = 0;
        foreach (TorrentFile file in files)
        {
            if (file.IsPadding)
                padding++;
            else
                Add(root, file);
        }

        Print(output, root);
        if (padding > 0)
            output.WriteLine(padding == 1 ? "and 1 pad file, which is never stored" : $"and {padding} pad files, which are never stored");
    }

    private static void Add(Node root, TorrentFile file)
    {
        Node folder = root;
        string[] elements = file.Path.Split('/');
        foreach (string element in elements.AsSpan(0, elements.Length - 1))
            folder = folder.Folder(element);
        folder.Add(new Node(elements[^1], file));
    }

    private static void Print(TextWriter output, Node root)
    {
        // The next node to print is on top; children are pushed in reverse, so that they are popped in order.
        Stack<(Node Node, string Indent, bool IsLast)> waiting = new();
        Push(waiting, root, "");
        while (waiting.TryPop(out (Node Node, string Indent, bool IsLast) next))
        {
            output.WriteLine($"{next.Indent}{(next.IsLast ? "└─ " : "├─ ")}{Describe(next.Node)}");
            Push(waiting, next.Node, next.Indent + (next.IsLast ? "   " : "│  "));
        }
    }

    private static void Push(Stack<(Node Node, string Indent, bool IsLast)> waiting, Node folder, string indent)
    {
        for (int i = folder.Children.Count - 1; i >= 0; i--)
            waiting.Push((folder.Children[i], indent, i == folder.Children.Count - 1));
    }

    private static string Describe(Node node)
    {
        string name = SafeText.Of(node.Name);
        if (node.File is not { } file)
            return name + "/";
        if (file.SymlinkTarget is { } target)
            return $"{name} -> {SafeText.Of(target)}";
        string executable = (file.Traits & FileTraits.Executable) != 0 ? ", executable" : "";
        return $"{name} ({new ByteSize(file.Length)}{executable})";
    }

    private sealed class Node(string name, TorrentFile? file)
    {
        private Dictionary<string, Node>? _folders;

        public string Name => name;

        public TorrentFile? File => file;

        public List<Node> Children { get; } = [];

        public void Add(Node child) => Children.Add(child);

        public Node Folder(string element)
        {
            _folders ??= new Dictionary<string, Node>(StringComparer.Ordinal);
            if (!_folders.TryGetValue(element, out Node? folder))
            {
                folder = new Node(element, null);
                _folders.Add(element, folder);
                Children.Add(folder);
            }

            return folder;
        }
    }
}
