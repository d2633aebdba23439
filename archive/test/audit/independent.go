// Judges a log by the Go project's own implementation of RFC 6962 and signed notes (golang.org/x/mod).
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type input struct {
	Entries     [][]byte
	Key         string
	Checkpoints []string
	Proofs      []struct {
		Index, Size int64
		Hashes      [][]byte
	}
	Extensions []struct {
		Older, Size int64
		Hashes      [][]byte
	}
}

type hashes []tlog.Hash

func (stored hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var read []tlog.Hash
	for _, index := range indexes {
		read = append(read, stored[index])
	}
	return read, nil
}

func check(err error) {
	if err != nil {
		fmt.Println("REFUSED:", err)
		os.Exit(1)
	}
}

func proof(raw [][]byte) (made []tlog.Hash) {
	for _, hash := range raw {
		made = append(made, tlog.Hash(hash))
	}
	return made
}

func main() {
	var in input
	check(json.NewDecoder(os.Stdin).Decode(&in))
	var stored hashes
	for index, entry := range in.Entries {
		more, err := tlog.StoredHashes(int64(index), entry, stored)
		check(err)
		stored = append(stored, more...)
	}
	root := func(size int64) tlog.Hash {
		hash, err := tlog.TreeHash(size, stored)
		check(err)
		return hash
	}
	verifier, err := note.NewVerifier(in.Key)
	check(err)
	for _, text := range in.Checkpoints {
		opened, err := note.Open([]byte(text), note.VerifierList(verifier))
		check(err)
		var origin, encoded string
		var size int64
		_, err = fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &size, &encoded)
		check(err)
		hash := root(size)
		if base64.StdEncoding.EncodeToString(hash[:]) != encoded {
			fmt.Println("REFUSED: another root at", size)
			os.Exit(1)
		}
	}
	for _, one := range in.Proofs {
		check(tlog.CheckRecord(proof(one.Hashes), one.Size, root(one.Size), one.Index, tlog.RecordHash(in.Entries[one.Index])))
	}
	for _, one := range in.Extensions {
		check(tlog.CheckTree(proof(one.Hashes), one.Size, root(one.Size), one.Older, root(one.Older)))
	}
	fmt.Printf("%d entries, %d checkpoints, %d proofs, %d extensions\n", len(in.Entries), len(in.Checkpoints), len(in.Proofs), len(in.Extensions))
}
