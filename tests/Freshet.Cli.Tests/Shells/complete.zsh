# zsh -f complete.zsh SCRIPT LINE...: prints what an interactive zsh offers when Tab is pressed behind each LINE, one a line, and ---- after each.
# SCRIPT is a file of the name _freshet; files of our own are put beside it.
zmodload zsh/zpty
typeset -r own=${1:h}
shift

zpty shell TERM=dumb zsh -f -i
send() { zpty -w shell "$1" }
await() {
    local line seen= deadline=$((SECONDS + 20))
    while [[ $seen != *$1* ]]; do
        (( SECONDS < deadline )) || { print -u2 "no '$1' within 20 seconds: $seen"; exit 1 }
        zpty -r -t shell line && seen+=$line || read -t 0.02 < /dev/null
    done
}

cat > $own/setup <<'SETUP'
fpath=($own $fpath)
autoload -Uz compinit
compinit -u -D

# What would be listed is written down; what completion asks for its own use is passed on.
compadd() {
    local -a matches
    if [[ -n ${(M)@[1,(i)--]:#-[OAD]} ]]; then
        builtin compadd "$@"
        return
    fi
    builtin compadd -A matches "$@"
    (( $#matches )) && print -rl -- $matches >> $own/offered
    builtin compadd "$@"
}

offer() {
    local line
    for line in $lines; do
        LBUFFER=$line
        zle complete-offered
        print -r -- ---- >> $own/offered
    done
    BUFFER=
    print -r -- > $own/done
    zle accept-line
}
zle -C complete-offered list-choices _main_complete
zle -N offer
bindkey '^T' offer
SETUP

send "own=${(q)own}; lines=(${(j: :)${(@q)@}}); source \$own/setup; print set-\\up"
await set-up
zpty -w -n shell $'\x14'
repeat 1000; do [[ -e $own/done ]] && break; sleep 0.02; done
[[ -e $own/done ]] || { print -u2 "it did not end within 20 seconds"; exit 1 }
zpty -d shell
cat $own/offered
